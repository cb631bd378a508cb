import {useEffect, useRef} from 'react';
import 'portero/define';
import type {GitHubSignInElement} from 'portero';

export function Page() {
  const tag = useRef<GitHubSignInElement>(null);
  useEffect(() => {
    const greet = () => console.log(tag.current?.user?.login);
    tag.current?.addEventListener('change', greet);
    greet();
    return () => tag.current?.removeEventListener('change', greet);
  }, []);
  return (
    <>
      <github-sign-in ref={tag} proxy="https://auth.example.com" return-to="/second" mode="popup" className="wide">
        <a href="/help">help</a>
      </github-sign-in>
      {/* @ts-expect-error there are two modes */}
      <github-sign-in mode="window" />
    </>
  );
}
