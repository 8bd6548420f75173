using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Bus;

/// <summary>
/// Keeps a defect of RabbitMQ.Client 7.1.2 from ending the process: where a heartbeat is missed just when the connection breaks anyway, both close it, and what the
/// second one runs into comes out of a timer that nobody waits for (rabbitmq-dotnet-client, pull request 1876 and issue 1884). The connection is closed by the
/// first, as it should be, so there is nothing left to do. Any other unhandled exception ends the process as ever.
/// </summary>
internal static partial class BrokerHeartbeat
{
    private const string Timer = "RabbitMQ.Client.Framing.Connection.HeartbeatReadTimerCallback";

    /// <summary>For the whole process, once.</summary>
    /// <exception cref="InvalidOperationException">There is such a handler already.</exception>
    public static void Guard(ILogger log) => ExceptionHandling.SetUnhandledExceptionHandler(fault =>
    {
        if (!IsClosedTwice(fault)) return false;
        LogClosedTwice(log);
        return true;
    });

    public static bool IsClosedTwice(Exception fault) => fault is ChannelClosedException && fault.StackTrace?.Contains(Timer, StringComparison.Ordinal) == true;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "a connection to the broker missed its heartbeat while it broke; it is closed")]
    private static partial void LogClosedTwice(ILogger log);
}
