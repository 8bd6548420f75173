using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Api.Docs;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>/v1/contacts: ask, accept, remove, list. Kept by profile, which also tells the devices of both.</summary>
public static class ContactsApi
{
    public sealed record NewContact(string UserId);

    public sealed record ContactPatch(string State);

    /// <param name="State">requested, pending or accepted.</param>
    /// <param name="Since">Unix milliseconds of the last change.</param>
    public sealed record ContactItem(string UserId, string Username, string DisplayName, string State, long Since);

    public sealed record ContactList(IEnumerable<ContactItem> Items);

    public sealed record ContactAnswer(string UserId, string State);

    public static void MapContacts(this IEndpointRouteBuilder routes)
    {
        var known = routes.MapGroup("/v1/contacts").BehindSession();
        known.MapGet("", ListAsync).Describe(ContactsDocs.List);
        known.MapPost("", RequestAsync).Describe(ContactsDocs.Request);
        known.MapPut("/{userId}", AcceptAsync).Describe(ContactsDocs.Accept);
        known.MapDelete("/{userId}", RemoveAsync).Describe(ContactsDocs.Remove);
    }

    private static async Task<IResult> ListAsync(HttpContext http, BusCalls bus, CancellationToken cancel)
    {
        var result = await bus.AskAsync<ListContacts, ContactsListed>(new ListContacts(SessionFilter.Of(http).UserId), cancel);
        if (result.Answer is not { } listed) return Problems.Of(result.Refused!);
        return Results.Json(new ContactList(listed.Contacts.Select(one =>
            new ContactItem(Ids.Text(one.UserId), one.Username, one.DisplayName, one.State, one.Since))));
    }

    private static async Task<IResult> RequestAsync(NewContact contact, HttpContext http, BusCalls bus, CancellationToken cancel)
    {
        if (!Ids.TryParse(contact.UserId, out var other)) return NotFound();
        var result = await bus.AskAsync<RequestContact, ContactIs>(new RequestContact(SessionFilter.Of(http).UserId, other), cancel);
        return result.Answer is { } now
            ? Results.Json(new ContactAnswer(Ids.Text(now.Other), now.State), statusCode: 201)
            : Problems.Of(result.Refused!);
    }

    private static async Task<IResult> AcceptAsync(string userId, ContactPatch patch, HttpContext http, BusCalls bus, CancellationToken cancel)
    {
        if (patch.State != ContactStates.Accepted) return Problems.Of(400, Codes.Invalid, "state: accepted; DELETE declines");
        if (!Ids.TryParse(userId, out var other)) return NotFound();
        var result = await bus.AskAsync<AcceptContact, ContactIs>(new AcceptContact(SessionFilter.Of(http).UserId, other), cancel);
        return result.IsOk ? Results.NoContent() : Problems.Of(result.Refused!);
    }

    private static async Task<IResult> RemoveAsync(string userId, HttpContext http, BusCalls bus, CancellationToken cancel)
    {
        if (!Ids.TryParse(userId, out var other)) return NotFound();
        var result = await bus.AskAsync<RemoveContact, ContactIs>(new RemoveContact(SessionFilter.Of(http).UserId, other), cancel);
        return result.IsOk ? Results.NoContent() : Problems.Of(result.Refused!);
    }

    private static IResult NotFound() => Problems.Of(404, Codes.NotFound, "no such user");
}
