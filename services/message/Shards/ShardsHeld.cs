using Im.Hosting.Nodes;

namespace Im.Message.Shards;

/// <summary>What this instance orders now, for the node board.</summary>
public sealed class ShardsHeld : INodeDetails
{
    private volatile string _shards = "";

    public string Shards => _shards;

    string? INodeDetails.Shards => _shards;

    public int Count => _shards.Length == 0 ? 0 : _shards.Count(c => c == ',') + 1;

    public void Set(IEnumerable<int> shards) => _shards = string.Join(',', shards.Order());
}
