using Im.Local;

// With a directory as its argument: a parent that owns a server and is killed by the test.
if (args is ["orphan"])
{
    Descendants.Keep();
    // The shell in between ends at once; what it has left in the background is ours now.
    using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", "sleep 1000 >/dev/null 2>&1 & echo $!"]);
    await shell.WaitForExitAsync();
    await Console.In.ReadLineAsync();
    Descendants.Kill();
    return;
}

if (args is [var directory])
{
    var redis = new PrivateRedis(new InstancePaths(directory));
    await redis.StartAsync();
    Console.WriteLine(redis.Identity);
    await redis.Exited;
    return;
}

// What a service does before all of them: there are no tables here.
if (args is ["migrate", "--roles"]) return;

// A stand-in for any of our services in the tests of the tool: listens where its settings say and tells them to whoever asks.
var builder = WebApplication.CreateSlimBuilder(args);
string[] doors = ["Im:Gateway:Listen", "Im:Admin:Listen", "Im:Health:Listen"];
builder.WebHost.UseUrls([.. doors.Select(door => builder.Configuration[door]).OfType<string>()]);

var app = builder.Build();
app.MapGet("/healthz/ready", () => "ready");
app.MapGet("/setting/{name}", (string name, IConfiguration configuration) => configuration[name] ?? "");
app.MapGet("/exit/{status:int}", (int status) => Environment.Exit(status));
await app.RunAsync();
