using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

internal static class UsersDocs
{
    private const string Profile = $$"""
        {"userId":"{{Sample.Bob}}","username":"{{Sample.BobName}}","displayName":"Bob","bio":"Back on Monday","avatarUrl":"https://img.example/bob.png"}
        """;

    public static readonly Operation Register = new(
        "registerUser", ClientsApi.Accounts, "Register",
        "Makes an account with a password. It opens no session: log in next. The number of new accounts of one address is limited.")
    {
        Body = $$"""{"username":"dora","password":"{{Sample.Password}}","displayName":"Dora"}""",
        Answer = Answer.Created<UsersApi.UserMade>("The account.", """{"userId":"29349001217966080","username":"dora"}"""),
        Problems = [(409, Codes.UsernameTaken), (429, Codes.TooMany)],
    };

    public static readonly Operation Show = new("getUser", ClientsApi.People, "Show a user", "The public profile of a user, by id.")
    {
        Answer = Answer.Ok<UsersApi.PublicProfile>("The profile.", Profile),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation Find = new(
        "findUser", ClientsApi.People, "Find a user by name", "The public profile of the user with exactly this name, in any case. There is no search for parts of names.")
    {
        Answer = Answer.Ok<UsersApi.PublicProfile>("The profile.", Profile),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation ShowMe = new("getMe", ClientsApi.Accounts, "Show my profile", "What others see of the user who asks.")
    {
        Answer = Answer.Ok<UsersApi.PublicProfile>("The profile.", $$"""{"userId":"{{Sample.Alice}}","username":"{{Sample.AliceName}}","displayName":"Alice"}"""),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation ChangeMe = new(
        "changeMe", ClientsApi.Accounts, "Change my profile", "Changes the fields that are given and leaves the others as they are.")
    {
        Body = """{"displayName":"Alice L.","bio":"Gone fishing"}""",
        Answer = Answer.Ok<UsersApi.PublicProfile>(
            "The profile as it is now.",
            $$"""{"userId":"{{Sample.Alice}}","username":"{{Sample.AliceName}}","displayName":"Alice L.","bio":"Gone fishing"}"""),
        Problems = [(404, Codes.NotFound)],
    };
}
