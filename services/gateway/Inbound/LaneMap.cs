using System.Globalization;

namespace Im.Gateway.Inbound;

/// <summary>
/// Which shard's queue the sends of each shard take: all that one message service orders go through one queue, a lane. A message of the broker costs the broker and both ends
/// nearly the same whatever it holds, so a gateway has one batch for each owner and not one for each shard.
/// </summary>
/// <param name="Lanes">For each shard the number of its queue.</param>
/// <param name="OfOwner">For each owner, by boot id, the queue of all its shards; also of one that is away from the board.</param>
public sealed record LaneMap(IReadOnlyList<int> Lanes, IReadOnlyDictionary<string, int> OfOwner)
{
    /// <summary>While nobody has told what he orders: each shard its own.</summary>
    public static LaneMap Apart(int shards) => new([.. Enumerable.Range(0, shards)], new Dictionary<string, int>());

    /// <summary>
    /// An owner keeps its lane as long as it has that shard. What it inherits may still be served to a frozen process, for as long as the broker takes to notice; were that
    /// queue to become the lane because its number is lower, all that is healthy would wait there. Nor does it lose its lane when it is away from the board for a moment, unless another one has the
    /// shard by then; and while nobody is on the board, which is the database's doing and not theirs, everything stays as it is.
    /// </summary>
    /// <param name="owners">Boot id and shards, with commas, of each running message service, as it tells them.</param>
    public LaneMap Next(IEnumerable<(string Boot, string? Held)> owners)
    {
        var lanes = Enumerable.Range(0, Lanes.Count).ToArray();
        var ofOwner = new Dictionary<string, int>();
        var taken = new HashSet<int>();
        var present = owners.ToList();
        if (present.Count == 0) return this;
        foreach (var (boot, held) in present)
        {
            var own = Read(held).Where(shard => shard < lanes.Length).ToHashSet();
            if (own.Count == 0) continue;
            var lane = OfOwner.TryGetValue(boot, out var before) && own.Contains(before) ? before : own.Min();
            ofOwner[boot] = lane;
            taken.UnionWith(own);
            foreach (var shard in own) lanes[shard] = lane;
        }

        foreach (var (boot, lane) in OfOwner)
            if (!taken.Contains(lane) && !present.Exists(one => one.Boot == boot)) ofOwner[boot] = lane;
        return new LaneMap(lanes, ofOwner);
    }

    /// <summary>What is no number is left out: another version may say more.</summary>
    private static IEnumerable<int> Read(string? held)
    {
        foreach (var text in (held ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shard)) yield return shard;
    }
}
