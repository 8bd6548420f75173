using System.Buffers;
using Im.Gateway.Connections;
using Im.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Gateway.Tests.Connections;

public sealed class SocketBlocksTests : IDisposable
{
    private readonly SocketBlocks _blocks = new();

    public void Dispose() => _blocks.Dispose();

    [Fact]
    public void What_came_back_is_given_again()
    {
        var block = _blocks.Rent();
        block.Memory.Span[7] = 42;
        block.Dispose();
        var again = _blocks.Rent(SocketBlocks.BlockBytes);
        Assert.Same(block, again);
        Assert.Equal((SocketBlocks.BlockBytes, 42), (again.Memory.Length, again.Memory.Span[7]));
    }

    [Fact]
    public void Two_who_use_one_at_the_same_time_do_not_get_the_same()
    {
        var blocks = RentMany(100);
        Assert.Equal(100, blocks.Distinct().Count());
        for (var i = 0; i < blocks.Count; i++) blocks[i].Memory.Span.Fill((byte)i);
        for (var i = 0; i < blocks.Count; i++) Assert.False(blocks[i].Memory.Span.ContainsAnyExcept((byte)i));
    }

    [Fact]
    public void Of_a_mass_that_came_back_only_so_many_are_kept()
    {
        var mass = RentMany(SocketBlocks.MostFree * 4);
        foreach (var block in mass) block.Dispose();
        Assert.Equal(SocketBlocks.MostFree, RentMany(mass.Count).Intersect(mass).Count());
    }

    [Fact]
    public void Of_what_many_threads_return_at_once_hardly_more_is_kept()
    {
        var mass = RentMany(SocketBlocks.MostFree * 4);
        Parallel.ForEach(mass, block => block.Dispose());
        Assert.InRange(RentMany(mass.Count).Intersect(mass).Count(), SocketBlocks.MostFree, SocketBlocks.MostFree + Environment.ProcessorCount * 2);
    }

    [Fact]
    public void More_than_a_block_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => _blocks.Rent(SocketBlocks.BlockBytes + 1));

    [Fact]
    public async Task A_gateway_puts_them_in_the_place_of_the_frameworks_own()
    {
        await using var app = ImHost.Create(["--environment=Development"], new GatewayModule());
        Assert.IsType<SocketBlocks.Factory>(app.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }

    [Fact]
    public async Task Kestrel_takes_its_memory_from_the_factory_that_is_registered()
    {
        var cancel = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateBuilder();
        var factory = new CountingFactory();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(factory);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapPost("/", async (HttpRequest request) => Results.Text(await new StreamReader(request.Body).ReadToEndAsync(cancel)));
        await app.StartAsync(cancel);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        // Of many blocks, one behind the other.
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number},"));
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(address), new StringContent(text), cancel);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync(cancel));
        Assert.True(factory.Count > 0);
    }

    private List<IMemoryOwner<byte>> RentMany(int count) => [.. Enumerable.Range(0, count).Select(_ => _blocks.Rent())];

    private sealed class CountingFactory : IMemoryPoolFactory<byte>
    {
        private readonly SocketBlocks.Factory _real = new();

        public int Count { get; private set; }

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
        {
            Count++;
            return _real.Create(options);
        }
    }
}
