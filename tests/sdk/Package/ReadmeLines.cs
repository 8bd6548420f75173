using System.Diagnostics;
using Im.Local;
using Im.Protocol;

namespace Im.Client.Tests.Package;

/// <summary>The README's lines as they stand there, in a project that knows nothing but the packages, against a system that runs.</summary>
public sealed class ReadmeLines(PackedPackages packages)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ten_lines_chat_from_a_project_that_only_knows_the_packages()
    {
        var program = await BuildStrangerAsync();
        var directory = TestInstances.Create("readme");
        try
        {
            await using var system = await Standalone.StartAsync(directory, cancel: Cancel);
            await FirstRequests.AnsweredAsync(system.GatewayUrl, Cancel);
            await ChatAsync(program, system.GatewayUrl);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task ChatAsync(string program, Uri server)
    {
        using var api = new ImApi(server);
        foreach (var name in new[] { "alice", "bob" }) await api.RegisterAsync(name, "correct horse battery", cancellationToken: Cancel);
        await using var bob = await ImClient.LogInAsync(server, "bob", "correct horse battery", cancellationToken: Cancel);

        using var alice = Process.Start(new ProcessStartInfo(SolutionBinaries.Dotnet, [program, server.ToString()]) { RedirectStandardOutput = true })!;
        try
        {
            var hello = await FirstAsync(bob).WaitAsync(Limit, Cancel);
            Assert.Equal("Hello, Bob", hello.Text);
            foreach (var answer in new[] { "Hello, Alice", "bye" }) await bob.SendAsync(Target.ToUser(hello.From), answer, cancellationToken: Cancel);
            var said = await alice.StandardOutput.ReadToEndAsync(Cancel).WaitAsync(Limit, Cancel);
            await alice.WaitForExitAsync(Cancel).WaitAsync(Limit, Cancel);
            Assert.Equal($"stored as number 1 of {hello.Conversation}\nHello, Alice\nbye\n", said);
            Assert.Equal(0, alice.ExitCode);
        }
        finally
        {
            if (!alice.HasExited) alice.Kill();
        }
    }

    private static async Task<ReceivedMessage> FirstAsync(ImClient client)
    {
        await foreach (var message in client.ReceiveAsync(Cancel)) return message;
        throw new InvalidOperationException("the client ended");
    }

    /// <summary>A console project that finds packages in one local directory and nowhere else.</summary>
    private async Task<string> BuildStrangerAsync()
    {
        var source = await packages.DirectoryAsync();
        var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(source, "Im.Client.*.nupkg").Single())["Im.Client.".Length..];
        var project = Directory.CreateDirectory(Path.Combine(packages.Root, "stranger")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{source}" /></packageSources></configuration>
            """, Cancel);
        await File.WriteAllTextAsync(Path.Combine(project, "Stranger.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Im.Client" Version="{version}" /></ItemGroup>
            </Project>
            """, Cancel);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), LinesOfReadme(), Cancel);
        await packages.DotnetAsync(project, "build", "--nologo", "-o", "out");
        return Path.Combine(project, "out", "Stranger.dll");
    }

    private static string LinesOfReadme()
    {
        const string begin = "```csharp\n";
        var readme = File.ReadAllText(Path.Combine(SolutionBinaries.Root, "clients", "dotnet", "README.md"));
        var from = readme.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var lines = readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
        Assert.InRange(lines.Split('\n').Count(line => line.Trim() is not ("" or "{" or "}")), 5, 12);
        return lines;
    }
}
