using Im.Hosting;
using Im.Profile;

await ImHost.RunAsync(args, new ProfileModule());
