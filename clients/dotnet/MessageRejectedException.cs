namespace Im.Client;

/// <summary>The message was refused for good and is not stored; its id is not used up. What may be repeated is repeated and never becomes this.</summary>
public sealed class MessageRejectedException : ImException
{
    internal MessageRejectedException(string id, string code)
        : base($"the message {id} was rejected: {code}", code) => Id = id;

    /// <summary>The client's own id of the message.</summary>
    public string Id { get; }

    /// <summary>One of <see cref="Im.Protocol.Codes"/>.</summary>
    public new string Code => base.Code!;
}
