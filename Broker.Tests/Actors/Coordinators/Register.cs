using System.Text;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Coordinators;

internal sealed class PutCall(string key, string value, long producer) : CoordinatorMessage
{
    public string Key => key;

    public string Value => value;

    public long Producer => producer;

    public TaskCompletionSource<ErrorCode> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Refuse(ErrorCode error) => Answer.TrySetResult(error);
}

internal sealed class GetCall(string key) : CoordinatorMessage
{
    public string Key => key;

    public TaskCompletionSource<(ErrorCode Error, string? Value)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Refuse(ErrorCode error) => Answer.TrySetResult((error, null));
}

// The simplest state that a partition can hold.
internal sealed class Register : ICoordinator
{
    private readonly Dictionary<string, string> values = [];
    private readonly Dictionary<long, List<(string Key, string Value)>> pending = [];

    public long NextDeadlineMs => long.MaxValue;

    public void Replay(in CoordinatorRecord record) => Apply(Encoding.UTF8.GetString(record.Key.Span), Encoding.UTF8.GetString(record.Value!.Value.Span), record.ProducerId);

    public void ReplayMarker(long producerId, bool commit)
    {
        if (!pending.Remove(producerId, out var written) || !commit) return;
        foreach (var (key, value) in written) values[key] = value;
    }

    public void Loaded(ICoordinatorEffects effects)
    {
    }

    public void Handle(CoordinatorMessage message, ICoordinatorEffects effects)
    {
        switch (message)
        {
            case PutCall { Key: "mistake" }: throw new InvalidOperationException("a mistake");
            case PutCall put:
                if (put.Producer >= 0) effects.WriteInTransaction(put.Producer, 0);
                effects.Write(Encoding.UTF8.GetBytes(put.Key), Encoding.UTF8.GetBytes(put.Value), true);
                Apply(put.Key, put.Value, put.Producer);
                effects.WhenCommitted(error => put.Answer.SetResult(error));
                break;
            case GetCall get:
                var value = values.GetValueOrDefault(get.Key);
                effects.WhenCommitted(error => get.Answer.SetResult((error, value)));
                break;
        }
    }

    public void Expire(ICoordinatorEffects effects)
    {
    }

    public void Abandon(ErrorCode error)
    {
    }

    private void Apply(string key, string value, long producer)
    {
        if (producer < 0) values[key] = value;
        else if (pending.TryGetValue(producer, out var written)) written.Add((key, value));
        else pending[producer] = [(key, value)];
    }
}
