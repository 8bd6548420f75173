using Im.Message.Commit;

namespace Im.Message.Tests.Commit;

public sealed class MemberListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(500)]
    public void It_contains_exactly_its_members_whatever_its_size(int size)
    {
        var list = new MemberList([.. Enumerable.Range(1, size).Select(user => (long)user * 2)]);
        Assert.Equal(size, list.Count);
        for (var user = 0; user <= (size * 2) + 1; user++) Assert.Equal(user > 0 && user % 2 == 0, list.Contains(user));
    }

    [Fact]
    public void A_change_makes_another_list_in_the_order_of_joining()
    {
        var list = new MemberList([3, 1, 2]);
        Assert.Equal([3, 1, 2, 9, 4], list.With([9, 4]).InJoinOrder);
        Assert.Equal([3, 2], list.Without([1, 7]).InJoinOrder);
        Assert.Equal([3, 1, 2], list.InJoinOrder);
        Assert.Equal(0, MemberList.Empty.Count);
    }
}
