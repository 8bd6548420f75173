using System.Net.Http.Json;

namespace Im.Client;

public sealed partial class ImApi
{
    /// <summary>The user's own profile.</summary>
    public Task<Profile> GetMeAsync(CancellationToken cancellationToken = default) => GetAsync("v1/me", ApiJson.Default.Profile, cancellationToken);

    /// <summary>Changes the user's own profile; answers with all of it.</summary>
    /// <exception cref="ImApiException">400 <c>invalid</c>.</exception>
    public Task<Profile> ChangeMeAsync(ProfileChange change, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Patch, "v1/me", change, ApiJson.Default.ProfileChange, ApiJson.Default.Profile, cancellationToken);

    /// <summary>What a user shows of himself.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c>.</exception>
    public Task<Profile> GetUserAsync(string userId, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/users/{Id(userId)}", ApiJson.Default.Profile, cancellationToken);

    /// <summary>Finds a user by the exact name.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c>.</exception>
    public Task<Profile> FindUserAsync(string username, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/users?username={Id(username)}", ApiJson.Default.Profile, cancellationToken);

    /// <summary>All contacts and open requests of the user.</summary>
    public async Task<IReadOnlyList<Contact>> GetContactsAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/contacts", ApiJson.Default.ItemsContact, cancellationToken).ConfigureAwait(false)).All;

    /// <summary>Asks another user to be a contact. Where he had asked before, both are contacts now.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c>, 403 <c>blocked</c>, 400 <c>invalid</c>, 429 with a RetryAfter.</exception>
    public Task<ContactAnswer> RequestContactAsync(string userId, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Post, "v1/contacts", new NewContact(userId), ApiJson.Default.NewContact, ApiJson.Default.ContactAnswer, cancellationToken);

    /// <summary>Says yes to a request.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c> where nobody asked.</exception>
    public Task AcceptContactAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"v1/contacts/{Id(userId)}", JsonContent.Create(new NewContactState(ContactStates.Accepted), ApiJson.Default.NewContactState), cancellationToken);

    /// <summary>Removes a contact, declines a request or takes one back.</summary>
    public Task RemoveContactAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/contacts/{Id(userId)}", null, cancellationToken);

    /// <summary>When this returns, no later message of the two to each other is accepted.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c>.</exception>
    public Task BlockAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"v1/blocks/{Id(userId)}", null, cancellationToken);

    /// <summary>Ends a block.</summary>
    public Task UnblockAsync(string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/blocks/{Id(userId)}", null, cancellationToken);

    /// <summary>Whom the user blocks.</summary>
    public async Task<IReadOnlyList<Block>> GetBlocksAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/blocks", ApiJson.Default.ItemsBlock, cancellationToken).ConfigureAwait(false)).All;
}
