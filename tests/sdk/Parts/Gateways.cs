namespace Im.Client.Tests.Parts;

public class Gateways
{
    [Theory]
    [InlineData("http://a:8080", "ws://a:8080/v1/ws", "http://a:8080/")]
    [InlineData("https://a/", "wss://a/v1/ws", "https://a/")]
    [InlineData("ws://a:8080/v1/ws", "ws://a:8080/v1/ws", "http://a:8080/")]
    [InlineData("wss://edge/chat/v1/ws", "wss://edge/chat/v1/ws", "https://edge/chat/")]
    public void Every_form_of_an_address_leads_to_both_doors(string given, string webSocket, string http)
    {
        Assert.Equal(new Uri(webSocket), GatewayAddress.WebSocket(new Uri(given)));
        Assert.Equal(new Uri(http), GatewayAddress.Http(new Uri(given)));
    }

    [Fact]
    public void Known_gateways_are_tried_in_turn_and_the_one_that_broke_last()
    {
        var list = new GatewayList(new Uri("http://first"));
        list.Learn(["ws://a/v1/ws", "ws://b/v1/ws"]);
        Assert.Equal(["a", "b", "first", "a"], Enumerable.Range(0, 4).Select(_ => list.Next().Host));
        list.Learn(["ws://a/v1/ws", "ws://b/v1/ws"]);
        list.Failed(new Uri("http://a"), reached: true);
        Assert.Equal("b", list.Next().Host);
    }

    [Fact]
    public void A_hint_goes_first_and_once()
    {
        var list = new GatewayList(new Uri("http://first"));
        list.Hint("ws://hinted/v1/ws");
        Assert.Equal(["hinted", "first"], Enumerable.Range(0, 2).Select(_ => list.Next().Host));
        list.Hint("not an address");
        list.Hint(null);
        Assert.Equal("first", list.Next().Host);
    }

    [Fact]
    public void A_gateway_that_a_list_lacks_is_tried_once_more_behind_the_others()
    {
        var list = new GatewayList(new Uri("http://first"));
        list.Learn(["http://a", "http://b"]);
        list.Learn(["http://b"]);
        Assert.Equal(["b", "first", "a"], list.Known.Select(one => one.Host));
        list.Failed(new Uri("http://b"), reached: true);
        Assert.Equal(["first", "a"], Enumerable.Range(0, 2).Select(_ => list.Next().Host));
        list.Failed(new Uri("http://a"), reached: false);
        Assert.Equal(["b", "first"], list.Known.Select(one => one.Host));
        Assert.Equal(["b", "first", "b"], Enumerable.Range(0, 3).Select(_ => list.Next().Host));
    }

    [Fact]
    public void One_that_is_listed_again_is_tried_as_often_as_the_others()
    {
        var list = new GatewayList(new Uri("http://first"));
        list.Learn(["http://a", "http://b"]);
        list.Learn(["http://b"]);
        list.Learn(["http://b", "http://a"]);
        list.Failed(new Uri("http://a"), reached: false);
        Assert.Equal(["b", "a", "first"], list.Known.Select(one => one.Host));
    }

    [Fact]
    public void Not_more_than_a_few_are_remembered_and_only_from_the_last_list()
    {
        var list = new GatewayList(new Uri("http://first"));
        list.Learn(["http://a", "http://b", "http://c", "http://d"]);
        list.Learn(["http://e"]);
        Assert.Equal(1 + GatewayList.MaxFormer + 1, list.Known.Count);
        for (var number = 0; number < 50; number++) list.Learn([$"http://new{number}"]);
        Assert.Equal(1 + GatewayList.MaxFormer + 1, list.Known.Count);
        Assert.Equal("new49", list.Next().Host);
    }

    [Fact]
    public void The_list_is_exhausted_when_none_could_be_reached()
    {
        var list = new GatewayList(new Uri("http://first"));
        list.Learn(["http://a", "http://first", "nonsense"]);
        list.Failed(new Uri("http://a"), reached: true);
        list.Failed(new Uri("http://first"), reached: false);
        Assert.False(list.Exhausted);
        list.Failed(new Uri("http://a"), reached: false);
        Assert.True(list.Exhausted);
        list.Learn([]);
        Assert.False(list.Exhausted);
        Assert.Equal("first", list.Next().Host);
    }
}
