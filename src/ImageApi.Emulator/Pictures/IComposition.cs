namespace ImageApi.Emulator.Pictures;

/// <summary>One kind of picture.</summary>
internal interface IComposition
{
    void Draw(Scene scene);
}
