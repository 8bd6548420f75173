namespace Im.Tool.Chat;

/// <summary>The chat cannot go on; the message is for the person.</summary>
internal sealed class ChatFailure(string message, int status = 1) : Exception(message)
{
    /// <summary>What the command ends with: 1 for a refusal, 2 where it was called wrongly.</summary>
    public int Status { get; } = status;
}
