using Im.Client;
using Im.Protocol;

namespace Im.Bench.Load;

/// <summary>Who writes to whom, and how many connections get each message: all devices of the members except the sending connection.</summary>
internal static class Goals
{
    public static Goal[][] Pairs(BenchOptions options, IReadOnlyList<BenchUser> users)
    {
        var random = new Random(1);
        var goals = new Goal[options.Connections][];
        for (var connection = 0; connection < goals.Length; connection++)
        {
            var own = connection % users.Count;
            var others = options.Partners > 0 ? Drawn(random, users.Count, own, options.Partners) : Enumerable.Range(0, users.Count).Where(user => user != own);
            goals[connection] = [.. others.Select(user => new Goal(Target.ToUser(users[user].UserId), Devices(options, user) + Devices(options, own) - 1))];
        }

        return goals;
    }

    private static HashSet<int> Drawn(Random random, int users, int own, int partners)
    {
        var drawn = new HashSet<int>();
        while (drawn.Count < Math.Min(partners, users - 1))
        {
            if (random.Next(users) is var other && other != own) drawn.Add(other);
        }

        return drawn;
    }

    /// <summary>Users who are away.</summary>
    public static Goal[][] Away(BenchOptions options, IReadOnlyList<BenchUser> away)
    {
        Goal[] goals = [.. away.Select(user => new Goal(Target.ToUser(user.UserId), 0))];
        return [.. Enumerable.Repeat(goals, options.Connections)];
    }

    /// <summary>Groups of random users, created by their first member; everybody is in at least one.</summary>
    public static async Task<Goal[][]> GroupsAsync(
        BenchOptions options, IReadOnlyList<BenchUser> users, IReadOnlyList<BenchSession> sessions, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var byUser = users.Select(_ => new List<Goal>()).ToArray();
        for (var group = 0; group < options.Groups; group++)
        {
            var members = Enumerable.Range(0, options.Members).Select(i => (group * options.Members + i) % users.Count).Distinct().ToArray();
            random.Shuffle(members);
            using var api = new ImApi(GatewayOf(options, sessions[members[0]], members[0]), sessions[members[0]].SessionId);
            var conversation = await api.CreateGroupAsync($"bench {group}", [.. members.Select(user => users[user].UserId)], cancellationToken);
            var recipients = members.Sum(user => Devices(options, user)) - 1;
            foreach (var user in members) byUser[user].Add(new Goal(Target.ToConversation(conversation), recipients));
        }

        if (byUser.Any(goals => goals.Count == 0)) throw new FormatException("--groups times --members must reach every user");
        return [.. Enumerable.Range(0, options.Connections).Select(connection => byUser[connection % users.Count].ToArray())];
    }

    public static Uri GatewayOf(BenchOptions options, BenchSession session, int connection) =>
        options.Gateways.Count > 0 ? options.Gateways[connection % options.Gateways.Count]
        : session.Gateway ?? throw new FormatException("the session names no gateway: give --gateway");

    private static int Devices(BenchOptions options, int user) =>
        options.Connections / options.Users + (user < options.Connections % options.Users ? 1 : 0);
}
