using System.Diagnostics;
using Im.Contracts;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>Spans of the sampled sends without an answer; null for nearly every connection.</summary>
    private Dictionary<string, Activity>? _traced;

    /// <summary>Draws whether this send is sampled. Nothing of the client's takes part in it.</summary>
    /// <returns>What goes with the submission; null for nearly all.</returns>
    private string? BeginTrace(ClientFrame.Send send, ConversationId conversation)
    {
        if (_services.Tracing.StartSend() is not { } span) return null;
        span.SetTag("im.conversation.kind", conversation.IsGroup ? "group" : "direct");
        span.SetTag("im.message.size", send.Body.Length);
        span.SetTag("im.subprotocol", _socket.SubProtocol);
        lock (_lock)
        {
            // A repeat of what is being traced already has no trace of its own.
            return (_traced ??= []).TryAdd(send.Id, span) ? span.Id : null;
        }
    }

    /// <summary>The answer is about to be added to the outbox; the span ends with its writing. Under the lock.</summary>
    /// <param name="code">Why it is refused; null where it is accepted.</param>
    private void EndTrace(string clientId, string? code)
    {
        if (_traced is not { Count: > 0 } || !_traced.Remove(clientId, out var span)) return;
        if (code is not null) span.SetTag("im.code", code).SetStatus(ActivityStatusCode.Error);
        var answer = new FrameSpan(span);
        if (_close is null) _outbox.Follow(answer);
        answer.Release();
    }

    /// <summary>The connection ended before these were answered.</summary>
    private void LoseTraces()
    {
        lock (_lock)
        {
            if (_traced is null) return;
            foreach (var span in _traced.Values)
            {
                span.SetStatus(ActivityStatusCode.Error, "the connection ended first");
                span.Stop();
            }

            _traced = null;
        }
    }
}
