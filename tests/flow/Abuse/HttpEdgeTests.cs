using System.Text;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;

namespace Im.Flow.Tests.Abuse;

/// <summary>Requests that no client library would send: refused by a status, never by a stack trace, and never read as two.</summary>
public sealed class HttpEdgeTests(RunningSystems systems) : FlowTest(systems.StandaloneAsync)
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", Version = "Sec-WebSocket-Version: 13\r\n", Upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: im.v1.json\r\n", Host = "Host: a\r\n", Json = "Content-Type: application/json\r\n";

    [Theory]
    [InlineData("GET /v1/ws HTTP/1.1\r\n" + Host + Upgrade + Key + "Sec-WebSocket-Version: 12\r\n\r\n")]
    [InlineData("GET /v1/ws HTTP/1.1\r\n" + Host + Upgrade + Key + "\r\n")]
    [InlineData("GET /v1/ws HTTP/1.1\r\n" + Host + Upgrade + Version + "\r\n")]
    [InlineData("GET /v1/ws HTTP/1.1\r\n" + Host + Upgrade + Version + "Sec-WebSocket-Key: short\r\n\r\n")]
    [InlineData("GET /v1/ws HTTP/1.1\r\n" + Upgrade + Version + Key + "\r\n")]
    [InlineData("GET /v1/ws HTTP/1.0\r\n" + Host + Upgrade + Version + Key + "\r\n")]
    [InlineData("POST /v1/ws HTTP/1.1\r\n" + Host + Upgrade + Version + Key + "Content-Length: 0\r\n\r\n", 405)]
    [Trait("abuse", "6")]
    public Task A_broken_upgrade_is_refused(string request, int status = 400) => IsRefusedAsync(request, status);

    [Theory]
    [InlineData(8_300, 0, 0, 414)]
    [InlineData(1, 101, 10, 431)]
    [InlineData(1, 1, 33_000, 431)]
    [Trait("abuse", "10")]
    public Task A_head_that_is_too_long_is_refused(int path, int headers, int length, int status) => IsRefusedAsync(
        $"GET /{new string('a', path)} HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, headers).Select(n => $"X-{n}: {new string('b', length)}\r\n"))}\r\n", status);

    [Theory]
    [InlineData(Json + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData(Json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData(Json + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Json + "Content-Length: 2, 2\r\n\r\n{}")]
    [InlineData(Json + "Content-Length: -1\r\n\r\n{}")]
    [InlineData(Json + "Transfer-Encoding: chunked\r\n\r\n2;x\nab\r\n{}\r\n0\r\n\r\n")]
    [InlineData(Json + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData(Json + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData(Json + "Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData(Json + "Content-Length: 2\r\nX-A: b\r\n c\r\n\r\n{}")]
    [InlineData(Json + "Content-Length: 2\r\nX-A: b\rc\r\n\r\n{}")]
    [InlineData(Json + "Content-Length: 2\r\nX-A: b\0c\r\n\r\n{}")]
    [InlineData(Json + "Content-Length: 2\nX-A: b\n\n{}")]
    [InlineData(Json + "Host: b\r\nContent-Length: 2\r\n\r\n{}")]
    [Trait("abuse", "11")]
    public async Task A_request_whose_end_is_in_doubt_is_refused_and_nothing_behind_it_is_read(string rest)
    {
        var answer = await IsRefusedAsync($"POST /v1/sessions HTTP/1.1\r\n{Host}{rest}GET /v1/gateways HTTP/1.1\r\n{Host}\r\n", 400, ends: true);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    [Trait("abuse", "14")]
    public async Task A_second_protocol_is_not_spoken()
    {
        await using var socket = await RawSocket.OpenAsync(System.Gateway, Cancel);
        await socket.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Cancel);
        // GOAWAY with HTTP_1_1_REQUIRED, and the end.
        var goAway = await socket.EndAsync(Cancel);
        Assert.Equal((7, 0x0D), (goAway[3], goAway[16]));
    }

    [Theory]
    [InlineData("TRACE", "/v1/gateways", 405)]
    [InlineData("TRACE", "/", 405)]
    [InlineData("CONNECT", "evil.example:80", 405)]
    [InlineData("PUT", "/", 405)]
    [InlineData("PUT", "/im.js", 405)]
    [InlineData("DELETE", "/v1/users", 405)]
    [InlineData("PROPFIND", "/v1/gateways", 405)]
    [InlineData("OPTIONS", "*", 405)]
    [InlineData("GET", "/im/", 404)]
    [InlineData("GET", "/views", 404)]
    [InlineData("GET", "/README.md", 404)]
    [InlineData("GET", "/appsettings.json", 404)]
    [InlineData("GET", "/..%2fappsettings.json", 404)]
    [InlineData("GET", "/im/../../appsettings.json", 404)]
    [InlineData("GET", "/%2e%2e/%2e%2e/etc/passwd", 404)]
    [InlineData("GET", "/im.js%00.html", 400)]
    [InlineData("GET", "/metrics", 404)]
    [InlineData("GET", "http://evil.example/v1/gateways", 400)]
    [Trait("abuse", "83")]
    public async Task What_is_not_offered_is_neither_done_nor_shown(string method, string path, int status)
    {
        var host = method == "CONNECT" ? path : "a";
        var answer = await IsRefusedAsync($"{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: secret-of-the-browser\r\n\r\n", status);
        Assert.DoesNotContain("secret-of-the-browser", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("abuse", "82")]
    public async Task The_clients_door_says_whether_it_works_and_not_what_it_is_made_of()
    {
        using var http = new HttpClient();
        Assert.Equal("""{"status":"ready"}""", await http.GetStringAsync(new Uri(System.Gateway, "healthz/ready"), Cancel));
        Assert.Equal("""{"status":"ready","missing":[]}""", await http.GetStringAsync(new Uri(System.Admin.Address, "healthz/ready"), Cancel));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [Trait("abuse", "65")]
    public Task A_packed_body_is_not_unpacked(string coding) =>
        IsRefusedAsync($"POST /v1/sessions HTTP/1.1\r\n{Host}{Json}Content-Encoding: {coding}\r\nContent-Length: 2\r\n\r\n{{}}", 415);

    [Theory]
    [InlineData("application/json; charset=utf-8", "{\"username\":\"a\u00ff\u00fe\",\"password\":\"b\"}")]
    [InlineData("application/json; charset=utf-16", "{\0}\0")]
    [InlineData("application/json", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("application/json", "{\"username\":\"a\",\"password\":NaN}")]
    [InlineData("application/json", "{\"username\":\"a\",\"password\":\"b\"}{}")]
    [InlineData("application/json", "{\"username\":\"a\",\"password\":\"b\"")]
    [InlineData("application/json", "{\"$type\":\"x\",\"username\":\"a\",\"password\":\"b\"}")]
    [InlineData("application/json", "{\"username\":[\"a\"],\"password\":\"b\"}")]
    [InlineData("application/json", "{\"username\":\"\\ud800\",\"password\":\"b\"}")]
    [Trait("abuse", "17")]
    [Trait("abuse", "20")]
    [Trait("abuse", "90")]
    public Task A_body_that_is_no_json_of_this_call_is_refused(string type, string body) =>
        IsRefusedAsync($"POST /v1/sessions HTTP/1.1\r\n{Host}Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}", 400);

    /// <summary>Answers with what came; nothing of the inside is in it.</summary>
    private async Task<string> IsRefusedAsync(string request, int status, bool ends = false)
    {
        await using var socket = await RawSocket.OpenAsync(System.Gateway, Cancel);
        string answer;
        if (ends)
        {
            await socket.WriteAsync(Encoding.Latin1.GetBytes(request), Cancel);
            answer = await socket.EndAsync(Cancel);
        }
        else
        {
            answer = await socket.AskAsync(request, Cancel);
        }

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        foreach (var inside in (string[])["Exception", "   at ", "\r\nServer:", "Kestrel", "Microsoft", "\r\nX-Powered-By"])
            Assert.DoesNotContain(inside, answer, StringComparison.OrdinalIgnoreCase);
        return answer;
    }
}
