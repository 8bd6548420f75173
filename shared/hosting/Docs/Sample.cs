namespace Im.Hosting.Docs;

/// <summary>Who and what occurs in all examples, so that they tell one story. A test puts real ids in their places and sends the requests.</summary>
public static class Sample
{
    public const string Alice = "29346520345378816";
    public const string AliceName = "alice";
    public const string Bob = "29346789017894912";
    public const string BobName = "bob";
    public const string Carol = "29347002119520256";
    public const string CarolName = "carol";
    public const string Password = "correct horse battery";

    /// <summary>The conversation of Alice and Bob.</summary>
    public const string Direct = $"d{Alice}-{Bob}";

    /// <summary>A message in it.</summary>
    public const string Message = $"{Direct}.8";

    /// <summary>A group of Alice, its owner, and Bob.</summary>
    public const string Group = "g29348120493785088";

    /// <summary>Alice's session, as the client keeps it.</summary>
    public const string Session = "q4Yt0Vx8mXcGk2JdPz7sLhN1wRb9uEoT5fAiKvQj3Mc";

    /// <summary>The same session, as it may be shown.</summary>
    public const string SessionKey = "29346520412487680";
    public const string Device = "phone-1";
    public const string Socket = "ws://127.0.0.1:8080/v1/ws";
}
