using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

/// <summary>
/// Random interleavings of a growing log, envelopes that are lost, doubled and reordered, reads of the log and a full outbox. The reader of this model takes
/// the steps of a connection's replay, each as one step of the interleaving. The seed of a failure is its argument.
/// </summary>
public sealed class FeedModelTests
{
    private const int PageSize = 3;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_sent_is_gapless_without_repeat_and_in_the_end_complete(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var model = new Model(random, start: random.Next(5));
            for (var step = 0; step < 200; step++) model.Step();
            model.Settle();
            Assert.Equal(Enumerable.Range(model.Start + 1, (int)model.Head - model.Start).Select(seq => (long)seq), model.Sent);
        }
    }

    /// <summary>Without reconciliation only a lost envelope may keep a message back, and only until the next one comes.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void While_no_envelope_is_lost_nobody_has_to_wait_for_reconciliation(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var model = new Model(random, start: random.Next(5), loses: false);
            for (var step = 0; step < 200; step++) model.Step();
            model.Settle(reconcile: false);
            Assert.Equal(model.Head - model.Start, model.Sent.Count);
        }
    }

    private sealed class Model
    {
        private readonly Random _random;
        private readonly bool _loses;
        private readonly ConversationFeed _feed;
        private readonly List<long> _flying = [];
        private (long After, long Announced)? _reading;
        private long[]? _page;
        private int _room = 4;

        public Model(Random random, int start, bool loses = true)
        {
            (_random, _loses, Start) = (random, loses, start);
            Head = start;
            _feed = new ConversationFeed(start);
        }

        public int Start { get; }

        public long Head { get; private set; }

        public List<long> Sent { get; } = [];

        public void Step()
        {
            switch (_random.Next(7))
            {
                case 0: Commit(); break;
                case 1 or 2: Receive(); break;
                case 3: _room = 4; break;
                case 4 when _loses: Reconcile(); break;
                default: Read(); break;
            }
        }

        /// <summary>Everything on its way arrives, the socket takes everything, and reads come to their end.</summary>
        public void Settle(bool reconcile = true)
        {
            while (_flying.Count > 0) Receive();
            if (reconcile) Reconcile();
            for (var i = 0; _feed.CatchingUp; i++)
            {
                Assert.True(i < 10_000, "the read does not end");
                _room = 4;
                Read();
            }
        }

        private void Commit()
        {
            Head++;
            if (!_loses || _random.Next(5) > 0) _flying.Add(Head);
            if (_random.Next(5) == 0) _flying.Add(Head);
        }

        private void Receive()
        {
            if (_flying.Count == 0) return;
            var which = _random.Next(Math.Min(_flying.Count, 3));
            var seq = _flying[which];
            _flying.RemoveAt(which);
            if (_feed.Offer(seq, _room > 0) == FeedStep.Send) Send(seq);
        }

        private void Reconcile()
        {
            if (Head > _feed.Sent) _feed.Offer(Head, hasRoom: false);
        }

        /// <summary>The next step of the reader: begin a read, look into the log, or give what was found to the feed.</summary>
        private void Read()
        {
            if (!_feed.CatchingUp || _room == 0) return;
            if (_reading is not { } reading)
            {
                _reading = (_feed.Sent, _feed.Known);
            }
            else if (_page is null)
            {
                _page = [.. Enumerable.Range((int)reading.After + 1, (int)Math.Min(PageSize, Math.Max(0, Head - reading.After))).Select(seq => (long)seq)];
            }
            else
            {
                var page = _page;
                (_reading, _page) = (null, null);
                Give(page, reading.Announced);
            }
        }

        private void Give(long[] page, long announced)
        {
            foreach (var seq in page)
            {
                if (_room == 0) return;
                if (_feed.TakeFromLog(seq)) Send(seq);
            }

            if (page.Length == 0) _feed.TryAbandon(announced);
            else if (page.Length < PageSize) _feed.TryFinish();
        }

        private void Send(long seq)
        {
            _room--;
            Sent.Add(seq);
        }
    }
}
