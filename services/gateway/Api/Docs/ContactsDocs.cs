using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

internal static class ContactsDocs
{
    private static readonly (int, string)[] OtherRefusals = [(400, Codes.Invalid), (403, Codes.Forbidden), (404, Codes.NotFound)];

    public static readonly Operation List = new(
        "listContacts", ClientsApi.People, "List my contacts", "Contacts and open requests of both directions, accepted ones first, then by display name.")
    {
        Answer = Answer.Ok<ContactsApi.ContactList>(
            "All of them.",
            $$"""{"items":[{"userId":"{{Sample.Bob}}","username":"{{Sample.BobName}}","displayName":"Bob","state":"pending","since":1795772400000}]}"""),
    };

    public static readonly Operation Request = new(
        "requestContact", ClientsApi.People, "Ask a user to be a contact",
        "If the other one has asked before, both are contacts now. Asking again changes nothing. The devices of both are told by a `contact` frame.")
    {
        Body = $$"""{"userId":"{{Sample.Carol}}"}""",
        Answer = Answer.Created<ContactsApi.ContactAnswer>("How the two stand now.", $$"""{"userId":"{{Sample.Carol}}","state":"requested"}"""),
        Problems = [(403, Codes.Blocked), .. OtherRefusals, (429, Codes.RateLimited)],
    };

    public static readonly Operation Accept = new("acceptContact", ClientsApi.People, "Accept a request", "Only what the other one has asked for can be accepted.")
    {
        Body = """{"state":"accepted"}""",
        Answer = Answer.NoContent("They are contacts."),
        Problems = [(403, Codes.Blocked), .. OtherRefusals],
    };

    public static readonly Operation Remove = new(
        "removeContact", ClientsApi.People, "Remove a contact", "Also declines a request, and takes one back. It may be repeated, and works through a block.")
    {
        Answer = Answer.NoContent("They are no contacts."),
        Problems = OtherRefusals,
    };
}
