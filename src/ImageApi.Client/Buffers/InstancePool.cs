namespace ImageApi.Client.Buffers;

/// <summary>Keeps a few objects that are dear to make, for whoever needs one next.</summary>
internal sealed class InstancePool<T>
    where T : class
{
    private const int Capacity = 64;
    private readonly T?[] _instances = new T?[Capacity];

    /// <summary>Takes one out; null when there is none.</summary>
    public T? Rent()
    {
        for (var i = 0; i < Capacity; i++)
        {
            if (_instances[i] is { } instance && Interlocked.CompareExchange(ref _instances[i], null, instance) == instance)
            {
                return instance;
            }
        }

        return null;
    }

    /// <summary>Puts one in that nobody uses any more; where all places are taken it is left to the garbage collector.</summary>
    public void Return(T instance)
    {
        for (var i = 0; i < Capacity; i++)
        {
            if (_instances[i] is null && Interlocked.CompareExchange(ref _instances[i], instance, null) is null)
            {
                return;
            }
        }
    }
}
