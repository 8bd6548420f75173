using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

internal static class SessionsDocs
{
    public static readonly Operation LogIn = new(
        "logIn", ClientsApi.Sessions, "Log in",
        """
        Opens a session for a device. A device id that the user had before ends that device's older session and keeps its cursors. Over ten sessions of a
        user, the one idle longest is ended. Wrong passwords cost time that grows.
        """)
    {
        Body = $$"""{"username":"{{Sample.AliceName}}","password":"{{Sample.Password}}","device":{"id":"{{Sample.Device}}","name":"Alice's phone","platform":"android"} }""",
        Answer = Answer.Created<SessionsApi.Session>(
            "The session.",
            $$"""{"sessionId":"{{Sample.Session}}","userId":"{{Sample.Alice}}","deviceId":"{{Sample.Device}}","expiresAt":1798364400000,"gateway":"{{Sample.Socket}}"}"""),
        Problems = [(401, Codes.BadCredentials), (403, Codes.Forbidden), (429, Codes.TooMany)],
    };

    public static readonly Operation Gateways = new(
        "listGateways", ClientsApi.Sessions, "Where to connect", "The running gateways, for a client whose own does not answer. It needs no session.")
    {
        Answer = Answer.Ok<SessionsApi.GatewayList>("The addresses.", $$"""{"items":["{{Sample.Socket}}","ws://127.0.0.1:8082/v1/ws"]}"""),
    };

    public static readonly Operation List = new(
        "listSessions", ClientsApi.Sessions, "List my sessions", "The live sessions of the user, without their secret ids.")
    {
        Answer = Answer.Ok<SessionsApi.SessionList>(
            "The sessions.",
            $$"""
            {"items":[{"sessionKey":"{{Sample.SessionKey}}","deviceId":"{{Sample.Device}}","name":"Alice's phone","platform":"android","lastSeenAt":1795772400000,"current":true}]}
            """),
    };

    public static readonly Operation LogOut = new(
        "logOut", ClientsApi.Sessions, "Log out", "Ends the session of this call. Its sockets close with 4401, at most 2 s later.")
    {
        Answer = Answer.NoContent("It has ended."),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation End = new(
        "endSession", ClientsApi.Sessions, "End a session", "Ends any session of the user, by its `sessionKey`: for the device that was lost.")
    {
        Answer = Answer.NoContent("It has ended."),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation ChangePassword = new(
        "changePassword", ClientsApi.Accounts, "Change my password",
        "Wants the old password besides the session, and ends the user's other sessions. Guessing the old one costs time as at login.")
    {
        Body = $$"""{"old":"{{Sample.Password}}","new":"four candles and a fork"}""",
        Answer = Answer.NoContent("The new password holds."),
        Problems = [(401, Codes.BadCredentials), (404, Codes.NotFound), (429, Codes.TooMany)],
    };
}
