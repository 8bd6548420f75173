using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Im.Local;

namespace Im.Chaos.Systems;

/// <summary>
/// Makes a running .NET process give back whatever memory it does not need. The product has no door for that: the harness lets the runtime load
/// <c>tools/collector</c>, by its diagnostic socket (the runtime's documented "IPC protocol", command ApplyStartupHook).
/// </summary>
public static class Collector
{
    private const int HeaderSize = 20;
    private const byte ProcessCommands = 0x04, ApplyStartupHook = 0x07, ServerAnswers = 0xFF, Ok = 0x00;

    /// <summary>A busy machine with a large heap; it takes some tens of milliseconds otherwise.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string Hook = Path.Combine(AppContext.BaseDirectory, "Im.Collector.dll");

    /// <returns>What lives on its heap, after all garbage is gone.</returns>
    /// <exception cref="IOException">It has no socket, or did not do it. So says <see cref="SocketException"/>.</exception>
    /// <exception cref="OperationCanceledException">Also after a minute without an answer.</exception>
    public static async Task<Heap> CollectAsync(ProcessIdentity process, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), $"dotnet-diagnostic-{process.Pid}-{process.StartTicks}-socket")), limit.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Request(), limit.Token);
        // The answer comes when the hook has run.
        var header = new byte[HeaderSize];
        await stream.ReadExactlyAsync(header, limit.Token);
        if (header[16] != ServerAnswers || header[17] != Ok) throw new IOException($"process {process.Pid} does not load {Hook}");
        var answer = Path.Combine(Path.GetTempPath(), $"im-collected-{process.Pid}");
        var bytes = (await File.ReadAllTextAsync(answer, limit.Token)).Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        File.Delete(answer);
        return new Heap(bytes[0], bytes[1], bytes[2]);
    }

    /// <summary>Magic, size of all, command, two bytes of nothing; then the path as UTF-16 with its length and a closing zero.</summary>
    private static byte[] Request()
    {
        var message = new byte[HeaderSize + sizeof(int) + ((Hook.Length + 1) * sizeof(char))];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (ProcessCommands, ApplyStartupHook);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderSize), Hook.Length + 1);
        Encoding.Unicode.GetBytes(Hook, message.AsSpan(HeaderSize + sizeof(int)));
        return message;
    }
}
