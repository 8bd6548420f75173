using Im.Local;

// With a directory as its argument: a parent that owns a server and is killed by the test.
if (args is [var directory])
{
    var redis = new PrivateRedis(new InstancePaths(directory));
    await redis.StartAsync();
    Console.WriteLine(redis.Identity);
    await redis.Exited;
    return;
}

// A stand-in for any of our services in the tests of the tool: listens where its settings say and tells them to whoever asks.
var builder = WebApplication.CreateSlimBuilder(args);
string[] doors = ["Im:Gateway:Listen", "Im:Admin:Listen", "Im:Health:Listen"];
builder.WebHost.UseUrls([.. doors.Select(door => builder.Configuration[door]).OfType<string>()]);

var app = builder.Build();
app.MapGet("/healthz/ready", () => "ready");
app.MapGet("/setting/{name}", (string name, IConfiguration configuration) => configuration[name] ?? "");
app.MapGet("/exit/{status:int}", (int status) => Environment.Exit(status));
await app.RunAsync();
