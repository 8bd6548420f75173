namespace Im.Chaos.Load;

/// <summary>What the crowd says: the client's id of the message, so that whoever gets it knows which it is, and for slow readers something that weighs.</summary>
public static class MessageText
{
    /// <param name="bytes">What the body weighs, where that is more than the id.</param>
    public static string Of(string id, int bytes = 0) => bytes <= id.Length + 1 ? id : $"{id} {new string('x', bytes - id.Length - 1)}";

    /// <summary>The id in a body. The body of a member message, which has no blank, stays as it is.</summary>
    public static ReadOnlySpan<char> IdOf(ReadOnlySpan<char> body)
    {
        var blank = body.IndexOf(' ');
        return blank < 0 ? body : body[..blank];
    }
}
