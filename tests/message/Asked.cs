using System.Text;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Message.Commit;

namespace Im.Message.Tests;

/// <summary>The people of these tests, and what they ask for.</summary>
public static class Asked
{
    public const long Ann = 11;
    public const long Bob = 12;
    public const long Cem = 13;
    public const long Dora = 14;

    /// <summary>Has no account.</summary>
    public const long Nobody = 99;

    public const string Node = "node-a";
    public const long Connection = 7;

    public static readonly ConversationId AnnAndBob = ConversationId.Direct(Ann, Bob);
    public static readonly ConversationId Team = ConversationId.Group(5000);

    public static Pending Send(
        long sender, ConversationId to, string id, string body = "hi", bool mayCreate = true, string? type = null, long connection = Connection, string node = Node) =>
        new(new Submission(SubmissionKind.Send, connection, sender, id, to, mayCreate, Encoding.UTF8.GetBytes(body), type), node);

    public static Pending Create(long owner, ConversationId group, string title, params long[] members) =>
        Command(SubmissionKind.CreateGroup, owner, group, members, title, "create");

    public static Pending Add(long by, ConversationId group, params long[] members) => Command(SubmissionKind.AddMembers, by, group, members);

    public static Pending Remove(long by, ConversationId group, params long[] members) => Command(SubmissionKind.RemoveMembers, by, group, members);

    public static Pending Rename(long by, ConversationId group, string title) => Command(SubmissionKind.RenameGroup, by, group, [], title);

    public static Pending Block(long by, long other, string? id = null) => Command(SubmissionKind.BlockUser, by, ConversationId.Direct(by, other), [], id: id ?? $"block:{by}:{other}");

    public static Pending Unblock(long by, long other) => Command(SubmissionKind.UnblockUser, by, ConversationId.Direct(by, other), [], id: $"unblock:{by}:{other}");

    public static Pending Command(SubmissionKind kind, long by, ConversationId group, long[] members, string title = "", string? id = null) => new(
        new Submission(kind, -1, by, id ?? $"{kind}:{string.Join('.', members)}:{title.Length}", group, false, Encoding.UTF8.GetBytes(title), null, members), Node);
}
