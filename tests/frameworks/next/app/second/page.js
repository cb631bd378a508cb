import Link from 'next/link';

export default function Second() {
  return (
    <>
      <h1>second</h1>
      <Link id="next" href="/">first</Link>
    </>
  );
}
