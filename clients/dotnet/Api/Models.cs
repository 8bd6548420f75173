using System.Text.Json.Serialization;

namespace Im.Client;

/// <summary>A new account.</summary>
/// <param name="UserId">The user's id, for good.</param>
/// <param name="Username">The name as it is stored.</param>
public sealed record RegisteredUser(string UserId, string Username);

/// <summary>The device that logs in.</summary>
/// <param name="Id">Null at a new device's first login; the answer names it. Keep it: with it the device keeps its cursors.</param>
/// <param name="Name">What the user sees in the list of his sessions.</param>
/// <param name="Platform">What the device runs.</param>
public sealed record DeviceInfo(string? Id = null, string? Name = null, string? Platform = null);

/// <summary>An open session.</summary>
/// <param name="SessionId">The secret: whoever has it is this user's device.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="DeviceId">The device's id, to be given at its next login.</param>
/// <param name="ExpiresAt">Unix milliseconds; moves with use up to an absolute end.</param>
/// <param name="Gateway">Where to connect.</param>
public sealed record ImSession(string SessionId, string UserId, string DeviceId, long ExpiresAt, Uri Gateway);

/// <summary>A line of the list of one's sessions.</summary>
/// <param name="SessionKey">Names the session in <see cref="ImApi.EndSessionAsync"/>; not the secret id.</param>
/// <param name="DeviceId">The device that it belongs to.</param>
/// <param name="Name">The device's name.</param>
/// <param name="Platform">The device's platform.</param>
/// <param name="LastSeenAt">Unix milliseconds.</param>
/// <param name="Current">It is the session that asked.</param>
public sealed record SessionInfo(string SessionKey, string DeviceId, string? Name, string? Platform, long LastSeenAt, bool Current);

/// <summary>What a user shows of himself.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Username">The name that he logs in with.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Bio">A few words.</param>
/// <param name="AvatarUrl">Where his picture is.</param>
public sealed record Profile(string UserId, string Username, string? DisplayName, string? Bio, string? AvatarUrl);

/// <summary>What to change; null leaves a field as it is.</summary>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Bio">A few words.</param>
/// <param name="AvatarUrl">Where the picture is.</param>
public sealed record ProfileChange(string? DisplayName = null, string? Bio = null, string? AvatarUrl = null);

/// <summary>The words of <see cref="Contact.State"/> and of the event of a contact.</summary>
public static class ContactStates
{
    /// <summary>This user asked and waits for the other's answer.</summary>
    public const string Requested = "requested";

    /// <summary>The other one asked and waits for this user's answer.</summary>
    public const string Pending = "pending";

    /// <summary>Both are contacts.</summary>
    public const string Accepted = "accepted";

    /// <summary>In events only: removed, declined or taken back.</summary>
    public const string Removed = "removed";
}

/// <summary>A line of the list of contacts.</summary>
/// <param name="UserId">The other user.</param>
/// <param name="Username">His name.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="State">One of <see cref="ContactStates"/>, seen from this user.</param>
/// <param name="Since">Unix milliseconds of the last change.</param>
public sealed record Contact(string UserId, string Username, string? DisplayName, string State, long Since);

/// <summary>How this user stands to another one now.</summary>
/// <param name="UserId">The other user.</param>
/// <param name="State">One of <see cref="ContactStates"/>: requested, or accepted where the other had asked before.</param>
public sealed record ContactAnswer(string UserId, string State);

/// <summary>A line of the list of blocks.</summary>
/// <param name="UserId">Who is blocked.</param>
/// <param name="Username">His name.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Since">Unix milliseconds.</param>
public sealed record Block(string UserId, string Username, string? DisplayName, long Since);

/// <summary>A line of the list of conversations, or one conversation alone.</summary>
/// <param name="ConversationId">Its id.</param>
/// <param name="Kind">direct or group.</param>
/// <param name="Title">Of a group.</param>
/// <param name="Members">User ids; the list names them for pairs only, <see cref="ImApi.GetConversationAsync"/> for groups too.</param>
/// <param name="LastSeq">The newest message's place.</param>
/// <param name="DeliveredSeq">Up to here this user's devices hold it.</param>
/// <param name="ReadSeq">Up to here this user has read it.</param>
/// <param name="Unread">Messages of others after <paramref name="ReadSeq"/>.</param>
/// <param name="LastMessage">The newest message.</param>
/// <param name="Owner">Of a group: who may rename it, add and remove.</param>
/// <param name="Peer">Of a pair: how far the other one is. Null where the server does not say.</param>
public sealed record Conversation(
    string ConversationId, string Kind, string? Title, IReadOnlyList<string>? Members, long LastSeq, long DeliveredSeq, long ReadSeq, long Unread,
    StoredMessage? LastMessage, string? Owner = null, PeerMarks? Peer = null);

/// <summary>How far the other member of a pair is.</summary>
/// <param name="UserId">The other member.</param>
/// <param name="DeliveredSeq">Up to here his devices hold the conversation.</param>
/// <param name="ReadSeq">Up to here he has read it.</param>
public sealed record PeerMarks(string UserId, long DeliveredSeq, long ReadSeq);

/// <summary>A page of conversations, newest message first.</summary>
/// <param name="Items">The conversations.</param>
/// <param name="Next">Asks for the page after it; null on the last.</param>
public sealed record ConversationPage(IReadOnlyList<Conversation> Items, string? Next);

/// <summary>A message of the log, as the wire names its fields.</summary>
/// <param name="ConversationId">Where it stands.</param>
/// <param name="Seq">Its place in the conversation, from 1.</param>
/// <param name="MessageId">The server's id, the same for everybody.</param>
/// <param name="From">The sender's user id.</param>
/// <param name="Id">The sender's own id; set only for messages of this user.</param>
/// <param name="Body">The text.</param>
/// <param name="Type">A content type; null means text/plain.</param>
/// <param name="Time">When it was stored, Unix milliseconds.</param>
public sealed record StoredMessage(
    [property: JsonPropertyName("c")] string ConversationId,
    [property: JsonPropertyName("seq")] long Seq,
    [property: JsonPropertyName("mid")] string MessageId,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("time")] long Time);
