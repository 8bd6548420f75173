using System.Security.Cryptography;
using System.Text;

namespace Im.Message.Shards;

/// <summary>
/// Which instance orders which shard: rendezvous hashing (Thaler and Ravishankar, 1998). Everybody computes the same from the same board, and when an
/// instance comes or goes only its own shards move.
/// </summary>
public static class ShardAssignment
{
    /// <param name="instances">Boot ids of the running message services, in any order.</param>
    /// <returns>The shards that <paramref name="self"/> has to order, ascending; none where it is not among the instances.</returns>
    public static IReadOnlyList<int> Of(string self, IReadOnlyCollection<string> instances, int shards)
    {
        if (!instances.Contains(self)) return [];
        return [.. Enumerable.Range(0, shards).Where(shard => OwnerOf(shard, instances) == self)];
    }

    public static string OwnerOf(int shard, IReadOnlyCollection<string> instances) =>
        instances.OrderByDescending(instance => Weight(shard, instance)).ThenBy(instance => instance, StringComparer.Ordinal).First();

    private static ulong Weight(int shard, string instance) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{shard}/{instance}"))));
}
