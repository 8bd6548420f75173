using System.ComponentModel.DataAnnotations;

namespace Im.Message;

/// <summary>Section <c>Im:Message</c>.</summary>
public sealed class MessageOptions
{
    public const string Section = "Im:Message";

    /// <summary>Members of a group at most. Every message of a group looks up the routes of all of them, hence the default.</summary>
    [Range(2, 10_000)]
    public int MaxGroupMembers { get; init; } = 500;

    /// <summary>Messages in one commit at most. A commit costs its 2 ms whatever it holds; beyond some hundred rows nothing is won any more.</summary>
    [Range(1, 10_000)]
    public int MaxCommitRows { get; init; } = 1_000;

    /// <summary>Bytes of bodies in one commit at most: bounds the memory of what is on its way, and the size of an envelope.</summary>
    [Range(64 * 1024, 8 * 1024 * 1024)]
    public int MaxCommitBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Conversations remembered between commits, per half of the memory: about 300 bytes each.</summary>
    [Range(1_000, 10_000_000)]
    public int RememberedConversations { get; init; } = 100_000;

    /// <summary>Sends remembered to recognize repeats without a query, per half of the memory: about 150 bytes each.</summary>
    [Range(1_000, 10_000_000)]
    public int RememberedSends { get; init; } = 100_000;
}
