using System.Net.Http.Json;

namespace Im.Client;

public sealed partial class ImApi
{
    public Task<Profile> GetMeAsync(CancellationToken cancellationToken = default) => GetAsync("v1/me", ApiJson.Default.Profile, cancellationToken);

    public Task<Profile> ChangeMeAsync(ProfileChange change, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Patch, "v1/me", change, ApiJson.Default.ProfileChange, ApiJson.Default.Profile, cancellationToken);

    /// <exception cref="ImApiException">404 <c>not_found</c>.</exception>
    public Task<Profile> GetUserAsync(string userId, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/users/{Id(userId)}", ApiJson.Default.Profile, cancellationToken);

    /// <summary>Finds a user by the exact name.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c>.</exception>
    public Task<Profile> FindUserAsync(string username, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/users?username={Id(username)}", ApiJson.Default.Profile, cancellationToken);

    public async Task<IReadOnlyList<Contact>> GetContactsAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/contacts", ApiJson.Default.ItemsContact, cancellationToken)).All;

    public Task RequestContactAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Post, "v1/contacts", JsonContent.Create(new NewContact(userId), ApiJson.Default.NewContact), cancellationToken);

    public Task AcceptContactAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"v1/contacts/{Id(userId)}", JsonContent.Create(new ContactState("accepted"), ApiJson.Default.ContactState), cancellationToken);

    public Task RemoveContactAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/contacts/{Id(userId)}", null, cancellationToken);

    /// <summary>When this returns, no later message of the two to each other is accepted.</summary>
    public Task BlockAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"v1/blocks/{Id(userId)}", null, cancellationToken);

    public Task UnblockAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/blocks/{Id(userId)}", null, cancellationToken);

    public async Task<IReadOnlyList<Block>> GetBlocksAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/blocks", ApiJson.Default.ItemsBlock, cancellationToken)).All;
}
