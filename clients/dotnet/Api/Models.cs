using System.Text.Json.Serialization;

namespace Im.Client;

public sealed record RegisteredUser(string UserId, string Username);

/// <param name="Id">Null at a new device's first login; the answer names it.</param>
public sealed record DeviceInfo(string? Id = null, string? Name = null, string? Platform = null);

/// <param name="SessionId">The secret: whoever has it is this user's device.</param>
/// <param name="ExpiresAt">Unix milliseconds; moves with use up to an absolute end.</param>
/// <param name="Gateway">Where to connect.</param>
public sealed record ImSession(string SessionId, string UserId, string DeviceId, long ExpiresAt, Uri Gateway);

/// <param name="SessionKey">Names the session in <see cref="ImApi.EndSessionAsync"/>; not the secret id.</param>
public sealed record SessionInfo(string SessionKey, string DeviceId, string? Name, string? Platform, long LastSeenAt, bool Current);

public sealed record Profile(string UserId, string Username, string? DisplayName, string? Bio, string? AvatarUrl);

/// <summary>What to change; null leaves a field as it is.</summary>
public sealed record ProfileChange(string? DisplayName = null, string? Bio = null, string? AvatarUrl = null);

public sealed record Contact(string UserId, string State);

public sealed record Block(string UserId);

/// <param name="Kind">direct or group.</param>
/// <param name="Unread">Messages of others after <paramref name="ReadSeq"/>.</param>
public sealed record Conversation(
    string ConversationId, string Kind, string? Title, IReadOnlyList<string>? Members, long LastSeq, long DeliveredSeq, long ReadSeq, long Unread,
    StoredMessage? LastMessage);

/// <summary>A page of conversations, newest message first; <paramref name="Next"/> asks for the one after it.</summary>
public sealed record ConversationPage(IReadOnlyList<Conversation> Items, string? Next);

/// <summary>A message of the log, as the wire names its fields.</summary>
public sealed record StoredMessage(
    [property: JsonPropertyName("c")] string ConversationId,
    [property: JsonPropertyName("seq")] long Seq,
    [property: JsonPropertyName("mid")] string MessageId,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("time")] long Time);
