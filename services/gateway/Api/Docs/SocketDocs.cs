using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

internal static class SocketDocs
{
    public static readonly Operation Connect = new(
        "connect", ClientsApi.Socket, "Open the WebSocket",
        """
        A WebSocket upgrade (RFC 6455) that asks for a subprotocol of version 1 in `Sec-WebSocket-Protocol`. The session comes in the first frame, never in
        the address. The frames are described by `docs/asyncapi.yaml` of the repository.
        """)
    {
        Answer = new Answer(101, "The socket is open; say `hello` within 10 s."),
        Problems = [(400, Codes.Invalid), (403, Codes.Forbidden), (429, Codes.TooMany)],
    };
}
