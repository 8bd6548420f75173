using System.Globalization;

namespace Im.Gateway.Inbound;

/// <summary>
/// Which shard's queue the sends of each shard take: all that one message service orders go through one queue, a lane. A message of the broker costs the broker and both ends
/// nearly the same whatever it holds, so a gateway has one batch for each owner and not one for each shard.
/// </summary>
/// <param name="Lanes">For each shard the number of its queue.</param>
/// <param name="OfOwner">For each owner, by boot id, the queue of all its shards.</param>
public sealed record LaneMap(IReadOnlyList<int> Lanes, IReadOnlyDictionary<string, int> OfOwner)
{
    /// <summary>While nobody has told what he orders: each shard its own.</summary>
    public static LaneMap Apart(int shards) => new([.. Enumerable.Range(0, shards)], new Dictionary<string, int>());

    /// <summary>
    /// An owner keeps its lane as long as it has that shard. What it inherits may still be served to a frozen process, for as long as the broker takes to notice; were that
    /// queue to become the lane because its number is lower, all that is healthy would wait there.
    /// </summary>
    /// <param name="owners">Boot id and shards, with commas, of each running message service, as it tells them.</param>
    public LaneMap Next(IEnumerable<(string Boot, string? Held)> owners)
    {
        var lanes = Enumerable.Range(0, Lanes.Count).ToArray();
        var ofOwner = new Dictionary<string, int>();
        foreach (var (boot, held) in owners)
        {
            var own = Read(held).Where(shard => shard < lanes.Length).ToHashSet();
            if (own.Count == 0) continue;
            var lane = OfOwner.TryGetValue(boot, out var before) && own.Contains(before) ? before : own.Min();
            ofOwner[boot] = lane;
            foreach (var shard in own) lanes[shard] = lane;
        }

        return new LaneMap(lanes, ofOwner);
    }

    /// <summary>What is no number is left out: another version may say more.</summary>
    private static IEnumerable<int> Read(string? held)
    {
        foreach (var text in (held ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shard)) yield return shard;
    }
}
