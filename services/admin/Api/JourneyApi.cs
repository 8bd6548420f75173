using Im.Admin.Api.Docs;
using Im.Admin.Journeys;
using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Docs;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;
using Im.Protocol;

namespace Im.Admin.Api;

/// <summary>Where is my message? From the log, the cursors, the routes and what the gateways say of their connections. Never the body.</summary>
internal static class JourneyApi
{
    private const int DefaultLimit = 50;

    public sealed record JourneyDevice(
        string DeviceId, string State, string? Reason, string? Gateway, long? ConnectedAt, long? SentAt, long? EndedAt);

    public sealed record JourneyMember(string UserId, string State, string? Reason, IEnumerable<JourneyDevice> Devices);

    public sealed record JourneyCount(long Members, long Acknowledged);

    public sealed record JourneyGateway(string Id, bool Answers, long? RemembersSince);

    public sealed record Journey(
        string ConversationId,
        long Seq,
        string MessageId,
        string From,
        string? Id,
        long AcceptedAt,
        JourneyCount Count,
        IEnumerable<JourneyMember> Items,
        IEnumerable<JourneyGateway> Gateways,
        string? Next);

    public static void MapJourney(this IEndpointRouteBuilder api) => api.MapGet("/messages/journey", GetAsync).Describe(JourneyDocs.Get);

    private static async Task<IResult> GetAsync(
        JourneyReader reader,
        GatewayAnswers gateways,
        IRouteTable routes,
        NodeBoard board,
        CancellationToken cancel,
        string? messageId = null,
        string? from = null,
        string? id = null,
        int limit = DefaultLimit,
        string? after = null)
    {
        if (messageId is null == (from is null || id is null) || (messageId is not null && (from ?? id) is not null))
            return Answers.Invalid("either messageId, or from and id");
        if (limit is < 1 or > Answers.MaxBatch) return Answers.Invalid($"limit: 1 to {Answers.MaxBatch}");
        var last = 0L;
        if (after is not null && !Ids.TryParse(after, out last)) return Answers.Invalid("after: what next said");
        if (await FindAsync(reader, messageId, from, id, cancel) is not { } message)
            return Problems.Of(StatusCodes.Status404NotFound, Codes.NotFound, "there is no such message");

        var members = await reader.MembersAsync(message, last, limit + 1, cancel);
        var next = members.Count > limit ? Ids.Text(members[limit - 1].User) : null;
        members = [.. members.Take(limit)];
        long[] users = [.. members.Select(member => member.User)];
        // A page without members has nobody to look for.
        Node[] found = users.Length == 0 ? [] : [.. board.Running("gateway")];
        var answers = await gateways.AskAsync(message.Conversation, message.Seq, users, found.Select(node => node.Boot).ToHashSet(), cancel);
        var stand = new JourneyBoard(await RoutesAsync(routes, users, cancel), found, answers);
        // Last: what was acknowledged while the gateways were asked counts.
        var devices = (await reader.DevicesAsync(message.Conversation, users, cancel)).ToLookup(device => device.User);
        var (count, acknowledged) = await reader.CountAsync(message, cancel);
        return Results.Ok(new Journey(
            message.Conversation.ToString(),
            message.Seq,
            message.Conversation.MessageId(message.Seq),
            Ids.Text(message.Sender),
            message.Type == Limits.MemberType ? null : ClientMessageKey.TextOf(message.ClientKey, message.ClientId),
            message.Time,
            new JourneyCount(count, acknowledged),
            members.Select(member => MemberAs(member, devices[member.User], message, stand)),
            stand.Boots.Select(boot => new JourneyGateway(stand.NameOf(boot), answers.ContainsKey(boot), answers.GetValueOrDefault(boot)?.RemembersSince)),
            next));
    }

    private static async Task<FoundMessage?> FindAsync(JourneyReader reader, string? messageId, string? from, string? id, CancellationToken cancel)
    {
        if (messageId is not null)
            return ConversationId.TryParseMessageId(messageId, out var conversation, out var seq) ? await reader.FindAsync(conversation, seq, cancel) : null;
        return Ids.TryParse(from, out var sender) && Limits.IsClientMessageId(id!) ? await reader.FindAsync(sender, id!, cancel) : null;
    }

    /// <summary>Null while Redis is away: the rest of the answer stands without.</summary>
    private static async Task<IEnumerable<Hosting.Routes.Route>?> RoutesAsync(IRouteTable routes, long[] users, CancellationToken cancel)
    {
        try
        {
            return (await routes.LookUpAsync(users, cancel)).SelectMany(each => each);
        }
        catch (RoutesUnavailableException)
        {
            return null;
        }
    }

    private static JourneyMember MemberAs(MemberOf member, IEnumerable<DeviceOf> devices, FoundMessage message, JourneyBoard stand)
    {
        JourneyDevice[] described = [.. devices.Select(device => DeviceAs(device, member, message, stand))];
        var (state, reason) = JourneyRules.OfMember([.. described.Select(device => device.State)], member.Delivered >= message.Seq, member.IsRemoved);
        return new JourneyMember(Ids.Text(member.User), state, reason, described);
    }

    private static JourneyDevice DeviceAs(DeviceOf device, MemberOf member, FoundMessage message, JourneyBoard stand)
    {
        var (state, reason) = JourneyRules.OfDevice(stand.FactsOf(device, member, message));
        var told = stand.LiveOf(device.DeviceKey) ?? stand.EndedOf(device.DeviceKey);
        var route = stand.RouteOf(device.DeviceKey);
        return new JourneyDevice(
            device.DeviceId,
            state,
            reason,
            (told?.Boot ?? route?.Boot) is { } boot ? stand.NameOf(boot) : null,
            told is { } known ? Ids.TimeOf(known.Connection.Connection) : route?.Since,
            told?.Connection.SentAt,
            told?.Connection.EndedAt);
    }
}
