using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>A key's hash, 128 bits.</summary>
/// <param name="High">The half by which the map orders its entries.</param>
/// <param name="Low">The other half.</param>
internal readonly record struct KeyHash(ulong High, ulong Low);

/// <summary>
/// SipHash with one round a word and three at the end, 128 bits, under a secret of the pass: nobody can choose two keys that are taken for one, and by chance
/// it happens with a probability of about 2^-80 in twenty million keys.
/// </summary>
/// <param name="First">Half of the secret.</param>
/// <param name="Second">The other half.</param>
internal readonly record struct KeyHasher(ulong First, ulong Second)
{
    /// <summary>A hasher whose secret is the 16 bytes of a random id.</summary>
    public static KeyHasher From(Guid secret)
    {
        Span<byte> bytes = stackalloc byte[16];
        secret.TryWriteBytes(bytes);
        return new KeyHasher(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    /// <summary>The hash of a key.</summary>
    public KeyHash Hash(ReadOnlySpan<byte> key)
    {
        var state = new State(First ^ 0x736f6d6570736575, Second ^ 0x646f72616e646f6d ^ 0xee, First ^ 0x6c7967656e657261, Second ^ 0x7465646279746573);
        var left = key;
        for (; left.Length >= sizeof(ulong); left = left[sizeof(ulong)..]) state.Take(MemoryMarshal.Read<ulong>(left));
        var last = (ulong)(byte)key.Length << 56;
        for (var i = 0; i < left.Length; i++) last |= (ulong)left[i] << (8 * i);
        state.Take(last);
        return state.End();
    }

    private struct State(ulong a, ulong b, ulong c, ulong d)
    {
        private ulong _a = a;
        private ulong _b = b;
        private ulong _c = c;
        private ulong _d = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(ulong word)
        {
            _d ^= word;
            Round();
            _a ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public KeyHash End()
        {
            _c ^= 0xee;
            Round();
            Round();
            Round();
            var high = _a ^ _b ^ _c ^ _d;
            _b ^= 0xdd;
            Round();
            Round();
            Round();
            return new KeyHash(high, _a ^ _b ^ _c ^ _d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            _a += _b;
            _c += _d;
            _b = BitOperations.RotateLeft(_b, 13) ^ _a;
            _d = BitOperations.RotateLeft(_d, 16) ^ _c;
            _a = BitOperations.RotateLeft(_a, 32);
            _c += _b;
            _a += _d;
            _b = BitOperations.RotateLeft(_b, 17) ^ _c;
            _d = BitOperations.RotateLeft(_d, 21) ^ _a;
            _c = BitOperations.RotateLeft(_c, 32);
        }
    }
}
