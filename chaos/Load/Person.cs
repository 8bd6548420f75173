namespace Im.Chaos.Load;

/// <summary>A user and what is his.</summary>
internal sealed class Person(int index, string user)
{
    public int Index { get; } = index;

    /// <summary>The user id.</summary>
    public string User { get; } = user;

    public List<Device> Devices { get; } = [];

    public List<Room> Rooms { get; } = [];

    /// <summary>One at a time ends or opens sessions of this user.</summary>
    public SemaphoreSlim Sessions { get; } = new(1, 1);
}
