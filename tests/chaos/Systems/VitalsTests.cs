using System.Diagnostics;
using Im.Chaos.Systems;
using Im.Local;

namespace Im.Chaos.Tests.Systems;

public sealed class VitalsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 20, 100, 20, 0)]
    [InlineData(100, 20, 120, 30, 0)]
    [InlineData(100, 20, 121, 30, 1)]
    [InlineData(100, 20, 120, 31, 1)]
    [InlineData(100, 20, 200, 50, 2)]
    [InlineData(100, 20, 10, 1, 0)]
    public void Memory_may_be_a_fifth_and_threads_ten_above_the_baseline(int megabytes, int threads, int laterMegabytes, int laterThreads, int lines)
    {
        var before = new Dictionary<string, Vital> { ["gateway-1"] = new((long)megabytes << 20, default, threads) };
        var after = new Dictionary<string, Vital> { ["gateway-1"] = new((long)laterMegabytes << 20, default, laterThreads) };
        Assert.Equal(lines, Vitals.Compare(before, after).Count());
        Assert.All(Vitals.Compare(before, after), line => Assert.StartsWith("gateway-1 has ", line));
    }

    [Fact]
    public void What_does_not_run_now_is_not_compared()
    {
        var before = new Dictionary<string, Vital> { ["gone"] = new(1, default, 1) };
        Assert.Empty(Vitals.Compare(before, new Dictionary<string, Vital>()));
    }

    [Fact]
    public async Task A_process_that_holds_garbage_is_where_it_was_and_one_that_keeps_objects_is_found()
    {
        using var hoard = Start();
        try
        {
            var identity = ProcessIdentity.Of(hoard.Id)!;
            await FillAsync(hoard, "60");
            var before = await ReadAsync(identity);

            await FillAsync(hoard, "300");
            var after = await ReadAsync(identity);
            Assert.Empty(Vitals.Compare(before, after));
            Assert.InRange(after["hoard"].Heap.Live, 0, 20 << 20);

            await FillAsync(hoard, "+60");
            var leaked = await ReadAsync(identity);
            Assert.Single(Vitals.Compare(before, leaked));
            Assert.InRange(leaked["hoard"].Heap.Live - after["hoard"].Heap.Live, 60 << 20, 70 << 20);
        }
        finally
        {
            hoard.Kill();
            await hoard.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<Dictionary<string, Vital>> ReadAsync(ProcessIdentity identity) => new() { ["hoard"] = await Vitals.ReadAsync(identity, Cancel) };

    private static Process Start()
    {
        var program = SolutionBinaries.Built(Path.Combine("tests", "chaos-hoard"), "Im.Chaos.Tests.Hoard");
        return Process.Start(new ProcessStartInfo(SolutionBinaries.Dotnet, [program]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static async Task FillAsync(Process hoard, string mebibytes)
    {
        await hoard.StandardInput.WriteLineAsync(mebibytes.AsMemory(), Cancel);
        await hoard.StandardInput.FlushAsync(Cancel);
        Assert.NotNull(await hoard.StandardOutput.ReadLineAsync(Cancel));
    }
}
