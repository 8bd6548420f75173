using Im.Admin.Api.Docs;
using Im.Contracts;
using Im.Hosting.Docs;
using Im.Hosting.Nodes;

namespace Im.Admin.Api;

/// <summary>Is anything missing? What the check of the log counted, what the running processes did, and what connected devices wait for.</summary>
internal static class LedgerApi
{
    public sealed record LedgerLog(
        long Accepted, long Conversations, long Due, long Acknowledged, long Waiting, long Round, long StartedAt, long FinishedAt);

    public sealed record LedgerGap(string ConversationId, long FromSeq, long ToSeq, long FoundAt);

    public sealed record LedgerGaps(long Count, string? CheckedBy, IEnumerable<LedgerGap> Items);

    public sealed record LedgerOldest(
        string UserId, string DeviceId, string ConversationId, long Seq, string MessageId, long AcceptedAt, string State, string Gateway);

    public sealed record LedgerOnline(long? AsOf, long Devices, long Unsent, long Unacknowledged, LedgerOldest? Oldest);

    public sealed record LedgerNode(string Id, long StartedAt, long LastSeenAt, long? Accepted, long? Repeats, long? Sent, long? Unsent, long? Unacknowledged);

    public sealed record LedgerRunning(long Accepted, long Repeats, long Sent, IEnumerable<LedgerNode> Items);

    public sealed record Ledger(LedgerLog? Log, LedgerGaps Gaps, LedgerOnline Online, LedgerRunning Running);

    public static void MapLedger(this IEndpointRouteBuilder api) => api.MapGet("/ledger", GetAsync).Describe(LedgerDocs.Get);

    private static async Task<IResult> GetAsync(LedgerReader reader, NodeBoard board, DirectoryReader directory, CancellationToken cancel)
    {
        var check = await reader.CheckAsync(cancel);
        var gaps = check.Gaps == 0 ? [] : await reader.GapsAsync(cancel);
        var nodes = board.Nodes.Where(node => node.Runs("message") || node.Runs("gateway")).ToArray();
        var owner = nodes.FirstOrDefault(node => node.Boot == check.Owner);
        return Results.Ok(new Ledger(
            check.Finished is { } finished ? LogAs(finished) : null,
            new LedgerGaps(
                check.Gaps,
                owner is null ? check.Owner : NameOf(owner),
                gaps.Select(gap => new LedgerGap(gap.Conversation.ToString(), gap.From, gap.To, gap.FoundAt))),
            await OnlineAsync(nodes, directory, cancel),
            RunningAs(nodes)));
    }

    private static LedgerLog LogAs(LogCheckReport report) => new(
        report.Messages,
        report.Conversations,
        report.Due,
        report.Acknowledged,
        report.Due - report.Acknowledged,
        report.Round,
        report.StartedAt,
        report.FinishedAt);

    private static async Task<LedgerOnline> OnlineAsync(IReadOnlyList<Node> nodes, DirectoryReader directory, CancellationToken cancel)
    {
        var online = nodes.Where(node => node.Figures?.Online is not null).Select(node => (Node: node, Backlog: node.Figures!.Online!)).ToArray();
        var sum = new LedgerOnline(
            online.Length == 0 ? null : online.Min(one => one.Backlog.AsOf),
            online.Sum(one => one.Backlog.Devices),
            online.Sum(one => one.Backlog.Unsent),
            online.Sum(one => one.Backlog.Unacknowledged),
            null);
        var waiting = online.Where(one => one.Backlog.Oldest is not null).OrderBy(one => one.Backlog.Oldest!.AcceptedAt).ToArray();
        if (waiting is not [var (node, backlog), ..]) return sum;
        var oldest = backlog.Oldest!;
        var devices = await directory.DeviceIdsAsync([oldest.DeviceKey], cancel);
        var conversation = ConversationId.FromGuid(oldest.Conversation);
        return sum with
        {
            Oldest = new LedgerOldest(
                Ids.Text(oldest.UserId),
                devices.GetValueOrDefault(oldest.DeviceKey, Ids.Text(oldest.DeviceKey)),
                conversation.ToString(),
                oldest.Seq,
                conversation.MessageId(oldest.Seq),
                oldest.AcceptedAt,
                oldest.IsSent ? Journeys.JourneyRules.Sent : Journeys.JourneyRules.Waiting,
                NameOf(node)),
        };
    }

    private static LedgerRunning RunningAs(IReadOnlyList<Node> nodes)
    {
        var figures = nodes.Select(node => node.Figures).OfType<NodeFigures>().ToArray();
        return new LedgerRunning(
            figures.Sum(one => one.Accepted),
            figures.Sum(one => one.Repeats),
            figures.Sum(one => one.Sent),
            nodes.Select(NodeAs));
    }

    /// <summary>Of each process what its services can say.</summary>
    private static LedgerNode NodeAs(Node node)
    {
        var figures = node.Figures;
        var (orders, connects) = (node.Runs("message") ? figures : null, node.Runs("gateway") ? figures : null);
        return new LedgerNode(
            NameOf(node),
            node.StartedAt,
            node.LastSeenAt,
            orders?.Accepted,
            orders?.Repeats,
            connects?.Sent,
            connects?.Online?.Unsent,
            connects?.Online?.Unacknowledged);
    }

    private static string NameOf(Node node) => $"{node.Name}-{node.Boot}";
}
