using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Im.Tool.Chat;

namespace Im.Tool;

/// <summary>The usual help, and below it what options and arguments alone do not tell: ports, variables, examples.</summary>
internal sealed class LongHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Ports = """
        Ports, and the variables that move them (0 takes a free one):
          8080  chat page, HTTP and WebSocket of the first gateway    IM_PORT_GATEWAY_1
          8081  admin and server API                                  IM_PORT_ADMIN
        """;

    private const string Directory = "  IM_DIRECTORY   where database, logs and keys lie (.im)";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command.Name;
        if (More(command) is { } more) output.WriteLine(more.ReplaceLineEndings() + Environment.NewLine);
        return command switch
        {
            "bench" => OwnProgram.Help(Bench.Program),
            "chaos" => OwnProgram.Help(Chaos.Program),
            _ => 0,
        };
    }

    private static string? More(string command) => command switch
    {
        "im" => """
            Examples:
              ./im up                 the whole system in one process; open http://127.0.0.1:8080
              ./im chat alice         talk to it, in another terminal
              ./im up full && ./im bench --seconds 30 && ./im down
              ./im test Receipt       the tests with this word in their name

            './im COMMAND --help' says more about each.
            """,
        "up" => $"""
            {Ports}
            {Directory}

            Everything runs in one process on SQLite; users and messages survive a restart.
            The services' own settings are in docs/operations.md.

            Examples:
              ./im up
              IM_PORT_GATEWAY_1=9080 IM_PORT_ADMIN=9081 ./im up
              ./im up full            with real servers, in the background
            """,
        "full" => $"""
            {Ports}
              8082  the second gateway, 8083 the third, and so on         IM_PORT_GATEWAY_2, …
              free ones for RabbitMQ, Redis and PostgreSQL                IM_PORT_RABBITMQ, IM_PORT_REDIS, IM_PORT_POSTGRES
              8443  the edge, with --edge; 9443 for operators             IM_PORT_EDGE, IM_PORT_EDGE_ADMIN
            How many:
              IM_GATEWAYS, IM_MESSAGE_SERVICES (2 each, 1 to 16)
            {Directory}

            It returns when everything is ready, starts again whatever dies, and has users and messages of its own, apart from those of './im up'.

            Examples:
              ./im up full
              IM_GATEWAYS=3 ./im up full
              ./im up full --edge
              ./im ps; ./im logs gateway-1 -f; ./im down
            """,
        "chat" => $"""
            In the chat:
            {Indented(ChatLine.Help)}

            In a terminal what comes is shown above the line that you type. With pipes every line of the input is a line typed, and every message, mark
            and notice a line of the output; notices begin with *. At the end of the input it waits for what was sent, then leaves.
            A ✓ means stored, ✓✓ delivered or read. What cannot be sent now waits and is sent on the next connection.

            Nothing is kept on disk, no password and no session; leaving ends the session.

            Ends with 0; 1 when the login or, in a script, something else was refused; 2 when called wrongly; 130 on Ctrl-C.

            Examples:
              ./im chat alice
              ./im chat bob --server https://im.example.org
              (echo "$PASSWORD"; echo "/to bob"; echo "the build is done") | ./im chat robot --password-stdin
            """,
        "ps" => """
            HEALTH is ready, unready (answers that it cannot serve now), silent (runs, no answer within 2 s) or dead.

            Examples:
              ./im ps
              ./im ps --json
            """,
        "logs" => """
            Examples:
              ./im logs standalone
              ./im logs gateway-1 -f
            """,
        "env" => """
            IM_GATEWAY (addresses, by comma), IM_ADMIN, IM_ADMIN_KEY, IM_REDIS_PASSWORD; with --edge also IM_EDGE,
            IM_EDGE_ADMIN and IM_EDGE_CERTIFICATE (whom its clients have to trust).

            Examples:
              set -a; eval "$(./im env)"; set +a      # for programs that you start from this shell
              eval "$(./im env)"; curl -H "Authorization: Bearer $IM_ADMIN_KEY" $IM_ADMIN/admin/v1/nodes
            """,
        "down" => "It asks first, and ends by force what does not stop within 50 s. Data stay. Nothing running is fine.",
        "secrets" => """
            Random passwords and keys go into .env, where docker compose looks for them, and a certificate that signs itself into .secrets/. Both are for you
            alone and in no commit. A certificate of your own goes into .secrets/edge.crt (with the chain) and .secrets/edge.key.

            Examples:
              ./im secrets && docker compose up --detach --wait
              ./im secrets --url https://chat.example.org

            """,
        "test" => """
            It checks the code style too, runs for 60 minutes at most, and ends with one line: N passed, N failed, N skipped.
            Two projects run at a time. What a project says is shown when it ends; until then it is in .im/test-results/NAME.log.

            Examples:
              ./im test
              ./im test Receipt
              ./im test -class "Im.Flow.Tests.Groups.*"
            """,
        "docs" => "After a change of routes, their descriptions or their fields. A test compares the two documents with what the doors serve.",
        "bench" => """
            Addresses and keys are those of what runs here ('./im env'); --gateway, --admin and --admin-key name others.

            Examples:
              ./im bench
              ./im bench --rate 1000 --seconds 60 --json
              ./im bench window --rounds 1

            Scenarios, on systems of their own, with the medians of five rounds (docs/performance.md):
            window, rate, group, idle, offline, scale; --rounds, --seconds, --warmup, --only SYSTEMS, --setups TEXT, --results PATH, --directory PATH

            """,
        "chaos" => """
            It starts a full system of its own, two of every service, and needs RabbitMQ, Redis and PostgreSQL installed. It begins only where nothing of
            this working copy runs, and touches nothing else. Some three minutes beside the scenarios go to start, warm-up, calm and verdict.
            Ends with 0 where the promise held, 1 where it did not (with the lines that prove it), 2 when it could not run or was called wrongly, 130 on Ctrl-C.
            docs/faults.md says how to read the verdict.

            Examples:
              ./im chaos
              ./im chaos --seed 7 --minutes 10
              ./im chaos --scenario gateway-frozen rabbitmq-killed

            """,
        _ => null,
    };

    private static string Indented(string text) => string.Join(Environment.NewLine, text.ReplaceLineEndings("\n").Split('\n').Select(line => $"  {line}"));
}
