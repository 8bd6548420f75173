using Im.Message.Commit;

namespace Im.Message.Tests.Commit;

public sealed class BoundedMemoryTests
{
    [Fact]
    public void The_last_generation_is_always_remembered()
    {
        for (var last = 0; last < 100; last++)
        {
            for (var back = 0; back < Math.Min(10, last + 1); back++)
            {
                var memory = Filled(10, last);
                Assert.True(memory.TryGet(last - back, out var value), $"{last - back} after {last}");
                Assert.Equal(back - last, value);
            }
        }
    }

    [Fact]
    public void No_more_than_two_generations_are_remembered()
    {
        for (var last = 20; last < 100; last++) Assert.InRange(Enumerable.Range(0, last + 1).Count(key => Filled(10, last).TryGet(key, out _)), 10, 20);
    }

    [Fact]
    public void What_is_used_stays_while_others_go()
    {
        var memory = new BoundedMemory<int, int>(10);
        memory.Set(-1, 42);
        for (var key = 0; key < 1000; key++)
        {
            memory.Set(key, key);
            Assert.True(memory.TryGet(-1, out var value));
            Assert.Equal(42, value);
        }
    }

    [Fact]
    public void The_newest_value_counts_wherever_an_older_one_lies()
    {
        var memory = Filled(10, 12);
        memory.Set(3, 33);
        Assert.True(memory.TryGet(3, out var value));
        Assert.Equal(33, value);
        for (var key = 100; key < 108; key++) memory.Set(key, key);
        Assert.True(memory.TryGet(3, out value));
        Assert.Equal(33, value);
    }

    [Fact]
    public void What_is_forgotten_is_gone_old_or_young()
    {
        var memory = Filled(10, 14);
        memory.Forget(2);
        memory.Forget(13);
        memory.Forget(999);
        Assert.False(memory.TryGet(2, out _));
        Assert.False(memory.TryGet(13, out _));
        Assert.True(memory.TryGet(12, out _));
        memory.ForgetAll();
        Assert.False(memory.TryGet(12, out _));
        Assert.False(memory.TryGet(9, out _));
    }

    private static BoundedMemory<int, int> Filled(int generation, int last)
    {
        var memory = new BoundedMemory<int, int>(generation);
        for (var key = 0; key <= last; key++) memory.Set(key, -key);
        return memory;
    }
}
