namespace Im.Message.Commit;

/// <summary>Who is in a conversation, in the order of joining: the oldest inherits a group. Never changes; a change makes another list.</summary>
public sealed class MemberList(IReadOnlyList<long> inJoinOrder)
{
    /// <summary>Up to here a scan is faster than a hash.</summary>
    private const int Small = 16;

    private readonly HashSet<long>? _index = inJoinOrder.Count > Small ? [.. inJoinOrder] : null;

    public static MemberList Empty { get; } = new([]);

    public IReadOnlyList<long> InJoinOrder { get; } = inJoinOrder;

    public int Count => InJoinOrder.Count;

    public bool Contains(long user)
    {
        if (_index is not null) return _index.Contains(user);
        for (var i = 0; i < InJoinOrder.Count; i++)
            if (InJoinOrder[i] == user) return true;
        return false;
    }

    public MemberList With(IEnumerable<long> joined) => new([.. InJoinOrder, .. joined]);

    public MemberList Without(IReadOnlyCollection<long> left) => new([.. InJoinOrder.Where(user => !left.Contains(user))]);
}
