using System.Text.Json.Serialization;

namespace Im.Client;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegisteredUser))]
[JsonSerializable(typeof(ImSession))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(ProfileChange))]
[JsonSerializable(typeof(Conversation))]
[JsonSerializable(typeof(ConversationPage))]
[JsonSerializable(typeof(Items<string>))]
[JsonSerializable(typeof(Items<SessionInfo>))]
[JsonSerializable(typeof(Items<Contact>))]
[JsonSerializable(typeof(Items<Block>))]
[JsonSerializable(typeof(Items<StoredMessage>))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(LogIn))]
[JsonSerializable(typeof(NewPassword))]
[JsonSerializable(typeof(NewContact))]
[JsonSerializable(typeof(NewContactState))]
[JsonSerializable(typeof(NewGroup))]
[JsonSerializable(typeof(NewTitle))]
[JsonSerializable(typeof(GroupCreated))]
[JsonSerializable(typeof(ContactAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal sealed record Items<T>([property: JsonPropertyName("items")] IReadOnlyList<T> All);

internal sealed record Problem(string? Code, string? Title, string? Detail);

internal sealed record NewUser(string Username, string Password, string? DisplayName);

internal sealed record LogIn(string Username, string Password, DeviceInfo Device);

internal sealed record NewPassword(string Old, string New);

internal sealed record NewContact(string UserId);

internal sealed record NewContactState(string State);

internal sealed record NewGroup(string Kind, string Title, IReadOnlyList<string> Members);

internal sealed record NewTitle(string Title);

internal sealed record GroupCreated(string ConversationId);
