using System.ComponentModel.DataAnnotations;
using Im.Hosting.Settings;

namespace Im.Message;

/// <summary>Section <c>Im:Message</c>.</summary>
public sealed class MessageOptions
{
    public const string Section = "Im:Message";

    /// <summary>Members of a group at most. Every message of a group looks up the routes of all of them, hence the default.</summary>
    [Range(2, 10_000)]
    [Because("every message of a group looks up the routes of all of them")]
    public int MaxGroupMembers { get; init; } = 500;

    /// <summary>Messages in one commit at most. A commit costs its 2 ms whatever it holds; beyond some hundred rows nothing is won any more.</summary>
    [Range(1, 10_000)]
    [Because("all of them are stored or none, and beyond some hundred nothing is won")]
    public int MaxCommitRows { get; init; } = 1_000;

    /// <summary>Bytes of bodies in one commit at most: bounds the memory of what is on its way, and the size of an envelope.</summary>
    [Range(64 * 1024, 8 * 1024 * 1024)]
    [Because("all of them are in memory at once, and in one envelope")]
    public int MaxCommitBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Conversations remembered between commits, per half of the memory: about 300 bytes each.</summary>
    [Range(1_000, 10_000_000)]
    [Because("each takes about 300 bytes of memory")]
    public int RememberedConversations { get; init; } = 100_000;

    /// <summary>Sends remembered to recognize repeats without a query, per half of the memory: about 150 bytes each.</summary>
    [Range(1_000, 10_000_000)]
    [Because("each takes about 150 bytes of memory")]
    public int RememberedSends { get; init; } = 100_000;

    /// <summary>
    /// Rest between two rounds of the check of the log, in seconds. A round itself takes at most a twentieth of one database connection's time, so that a log of
    /// ten million messages is walked in some minutes.
    /// </summary>
    [Range(1, 86_400)]
    [Because("what is missing in the log should be known within a day")]
    public int LogCheckSeconds { get; init; } = 30;
}
