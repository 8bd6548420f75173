namespace Im.Client;

/// <summary>The message was refused for good and is not stored; its id is not used up.</summary>
public sealed class MessageRejectedException(string id, string code) : Exception($"the message {id} was rejected: {code}")
{
    /// <summary>The client's own id of the message.</summary>
    public string Id { get; } = id;

    /// <summary>One of <see cref="Im.Protocol.Codes"/>.</summary>
    public string Code { get; } = code;
}
