using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Im.Local;

/// <summary>Asks a server on 127.0.0.1, in its own protocol, whether it serves. Silence for 2 s counts as no.</summary>
public static class Probe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }) { Timeout = Limit };

    public static Task<bool> TcpAsync(int port, CancellationToken cancel) =>
        AskAsync(port, [], static _ => true, cancel);

    /// <summary>The broker answers the protocol header with Connection.Start, a method frame (type 1).</summary>
    public static Task<bool> AmqpAsync(int port, CancellationToken cancel) =>
        AskAsync(port, "AMQP\0\0\u0009\u0001"u8.ToArray(), static answer => answer[0] == 1, cancel);

    public static Task<bool> RedisAsync(int port, string password, CancellationToken cancel) =>
        AskAsync(port, Encoding.ASCII.GetBytes($"AUTH {password}\r\n"), static answer => answer[0] == '+', cancel);

    /// <summary>A server that takes connections asks for the password ('R'); one that still starts answers with an error ('E').</summary>
    public static Task<bool> PostgresAsync(int port, CancellationToken cancel)
    {
        var parameters = "user\0im\0database\0im\0\0"u8;
        var startup = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(startup, startup.Length);
        BinaryPrimitives.WriteInt32BigEndian(startup.AsSpan(4), 3 << 16);
        parameters.CopyTo(startup.AsSpan(8));
        return AskAsync(port, startup, static answer => answer[0] == 'R', cancel);
    }

    /// <summary>GET /healthz/ready: true for 200, false for any other status, null without an answer.</summary>
    public static Task<bool?> HealthAsync(int port, CancellationToken cancel) => HealthAsync(port, "/healthz/ready", cancel);

    /// <summary>The same of a server whose page is elsewhere.</summary>
    public static async Task<bool?> HealthAsync(int port, string path, CancellationToken cancel)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), HttpCompletionOption.ResponseHeadersRead, cancel);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || error is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<bool> AskAsync(int port, byte[] question, Func<byte[], bool> isGood, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            if (question.Length == 0)
                return true;
            await client.GetStream().WriteAsync(question, limit.Token);
            var answer = new byte[1];
            return await client.GetStream().ReadAsync(answer, limit.Token) == 1 && isGood(answer);
        }
        catch (Exception error) when (error is SocketException or IOException || error is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
