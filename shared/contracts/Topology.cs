using System.Globalization;

namespace Im.Contracts;

/// <summary>Every exchange, queue and routing key of the broker. Nothing else in the system spells one.</summary>
public static class Topology
{
    /// <summary>Direct exchange, routing key = shard number: batches of sends on their way to the owner of that shard, for all of its shards.</summary>
    public const string SubmitExchange = "im.submit";

    /// <summary>Direct exchange, routing key = boot id of a node: envelopes on their way to the connections of that node.</summary>
    public const string DeliverExchange = "im.deliver";

    public static string ShardKey(int shard) => shard.ToString(CultureInfo.InvariantCulture);

    /// <summary>Durable, single active consumer, bounded, refuses when full.</summary>
    public static string ShardQueue(int shard) => string.Create(CultureInfo.InvariantCulture, $"im.shard.{shard}");

    /// <summary>Exclusive to one connection of the node, and named by it: what it holds are hints, the log is the truth.</summary>
    public static string NodeQueue(string connection) => $"im.node.{connection}";

    public const string LoginQueue = "im.login";
    public const string SessionQueue = "im.session";
    public const string ProfileQueue = "im.profile";
    public const string PresenceQueue = "im.presence";

    /// <summary>Cursors that gateways report; any message service takes them.</summary>
    public const string CursorQueue = "im.cursors";

    /// <summary>Who types where, as gateways saw it; any message service tells the others.</summary>
    public const string TypingQueue = "im.typing";

    /// <summary>Events for one gateway (sessions that ended, presence, contacts and blocks that changed), and questions of operators.</summary>
    public static string GatewayEventQueue(string boot) => $"im.gateway-events.{boot}";

    /// <summary>What gateways answer to questions of operators, for one admin process.</summary>
    public static string AdminAnswerQueue(string boot) => $"im.admin-answers.{boot}";
}
