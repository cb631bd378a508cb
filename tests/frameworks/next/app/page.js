import Link from 'next/link';

export default function First() {
  return (
    <>
      <h1>first</h1>
      <Link id="next" href="/second">second</Link>
    </>
  );
}
