using System.Collections.Concurrent;

namespace Im.Chaos.Load;

/// <summary>A conversation of the crowd.</summary>
/// <param name="permanent">Members for good; of a group the owner first.</param>
/// <param name="floating">Whom the owner adds and removes.</param>
internal sealed class Room(bool isPair, IReadOnlyList<Person> permanent, IReadOnlyList<Person> floating)
{
    private readonly ConcurrentDictionary<Person, bool> _isIn = new();
    private long _head, _headBefore;
    private string? _id;

    /// <summary>Null for a pair that has not begun: its id stands in the answer to the first message.</summary>
    public string? Id { get => Volatile.Read(ref _id); set => Volatile.Write(ref _id, value); }

    public bool IsPair => isPair;

    public IReadOnlyList<Person> Permanent => permanent;

    public IReadOnlyList<Person> Floating => floating;

    public Person Owner => permanent[0];

    public int Size => permanent.Count + floating.Count;

    /// <summary>Highest seq that anybody saw.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary><see cref="Head"/> at the last <see cref="MarkHead"/>.</summary>
    public long HeadBefore => Volatile.Read(ref _headBefore);

    /// <summary>As far as the owner's calls tell.</summary>
    public bool IsIn(Person person) => !_isIn.TryGetValue(person, out var isIn) || isIn;

    public void SetIn(Person person, bool isIn) => _isIn[person] = isIn;

    public void Saw(long seq)
    {
        var head = Volatile.Read(ref _head);
        while (seq > head)
        {
            var was = Interlocked.CompareExchange(ref _head, seq, head);
            if (was == head) return;
            head = was;
        }
    }

    public void MarkHead() => Volatile.Write(ref _headBefore, Head);
}
