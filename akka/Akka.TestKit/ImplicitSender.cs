using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.TestKit;

/// <summary>Has a test send as its test actor: on the thread that made the kit, and wherever its test goes on after an await.</summary>
internal static class ImplicitSender
{
    private static int _number;

    /// <summary>For names of test actors.</summary>
    public static int NextNumber() => Interlocked.Increment(ref _number);

    public static void Set(IActorRef testActor)
    {
        var cell = Cell(testActor);
        InternalCurrentActorCellKeeper.Current = cell;
        SynchronizationContext.SetSynchronizationContext(new KeepingContext(SynchronizationContext.Current is KeepingContext keeping ? keeping.Inner : SynchronizationContext.Current, cell));
    }

    /// <summary>Has this thread send as nobody again, if it sends as this actor.</summary>
    public static void Clear(IActorRef testActor)
    {
        if (ReferenceEquals(InternalCurrentActorCellKeeper.Current, Cell(testActor))) InternalCurrentActorCellKeeper.Current = null;
        if (SynchronizationContext.Current is KeepingContext keeping) SynchronizationContext.SetSynchronizationContext(keeping.Inner);
    }

    private static ActorCell Cell(IActorRef testActor) => ((LocalActorRef)testActor).Cell;

    private sealed class KeepingContext(SynchronizationContext? inner, ActorCell cell) : SynchronizationContext
    {
        public SynchronizationContext? Inner => inner;

        public override SynchronizationContext CreateCopy() => new KeepingContext(inner?.CreateCopy(), cell);

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (inner is not null) inner.Post(_ => Run(d, state), null);
            else ThreadPool.UnsafeQueueUserWorkItem(_ => Run(d, state), null);
        }

        public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

        private void Run(SendOrPostCallback d, object? state)
        {
            var outerCell = InternalCurrentActorCellKeeper.Current;
            var outerContext = Current;
            InternalCurrentActorCellKeeper.Current = cell;
            SetSynchronizationContext(this);
            try
            {
                d(state);
            }
            finally
            {
                InternalCurrentActorCellKeeper.Current = outerCell;
                SetSynchronizationContext(outerContext);
            }
        }
    }
}
