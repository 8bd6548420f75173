using Im.Admin;
using Im.Hosting;
using Im.Local;
using Im.Session;
using Microsoft.Extensions.Options;

namespace Im.Accounts.Tests.Requests;

public sealed class StartTests
{
    [Theory]
    [InlineData("Production", "")]
    [InlineData("Production", "0123456789012345678901234567890")]
    [InlineData("Development", "tooshort")]
    [Trait("abuse", "84")]
    public async Task Admin_does_not_start_without_a_long_key(string environment, string key)
    {
        string[] args = [$"--environment={environment}", $"--Im:Admin:Key={key}", $"--Im:Admin:Listen=http://127.0.0.1:{FreePort.Next()}"];

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = ImHost.Create([.. args, "--Im:Database=Data Source=:memory:"], new AdminModule());
            await app.StartAsync(TestContext.Current.CancellationToken);
        });

        Assert.Contains("Im:Admin:Key", fault.Message, StringComparison.Ordinal);
        if (key.Length > 0) Assert.DoesNotContain(key, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Im:Session:IdleDays=0")]
    [InlineData("--Im:Session:IdleDays=181")]
    [InlineData("--Im:Session:MaxPerUser=0")]
    public async Task Session_does_not_start_with_a_setting_that_makes_no_sense(string setting)
    {
        await using var app = ImHost.Create(
            [setting, $"--Im:Health:Listen=http://127.0.0.1:{FreePort.Next()}", "--Im:Database=Data Source=:memory:"], new SessionModule());

        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Login_does_not_start_with_fewer_rounds_than_are_safe()
    {
        await using var app = ImHost.Create(
            ["--Im:Login:PasswordRounds=209999", $"--Im:Health:Listen=http://127.0.0.1:{FreePort.Next()}", "--Im:Database=Data Source=:memory:"],
            new Im.Login.LoginModule());

        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }
}
